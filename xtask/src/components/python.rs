//! Python with what judges our mail independently of us: an HTML parser and an SMTP server. Nothing
//! runs here: tests start it themselves.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::{Component, Running, debian};
use crate::environment;

const PACKAGES: &[&str] = &["python3", "python3-aiosmtpd", "python3-html5lib"];

pub(super) const COMPONENT: Component = Component {
    name: "Python",
    variable: "VESTIBULE_TEST_PYTHON",
    backend: None,
    compose: None,
    private: |interrupt| {
        let program = debian::ensure_all(PACKAGES, interrupt, interpreter)?;
        Ok(Running::borrowed(program.display().to_string()))
    },
};

/// The first interpreter that has both. Another one may stand before Debian's on the path, and does
/// not see Debian's packages.
fn interpreter() -> Option<PathBuf> {
    environment::programs("python3").find(|program| imports(program))
}

fn imports(program: &Path) -> bool {
    let mut python = Command::new(program);
    python.args(["-c", "import aiosmtpd, html5lib"]);
    python.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    python.status().is_ok_and(|status| status.success())
}
