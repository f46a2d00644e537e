//! `cargo xtask new-migration`: the same number and name for every backend, since
//! `cargo xtask check` wants the three folders in step.

use std::fs::{self, File};
use std::io::Write as _;
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context as _, Result, ensure};

use crate::check::migrations;

#[derive(clap::Args)]
pub(crate) struct Options {
    /// What it changes, such as `add_session_labels`
    name: String,
}

pub(crate) fn run(root: &Path, options: &Options) -> Result<ExitCode> {
    let name = &options.name;
    ensure!(migrations::is_name(name), "`{name}` is no name: use [a-z0-9_]+");
    let folders = migrations::folders(root);

    let mut last = 0;
    for folder in &folders {
        let names = migrations::files(folder)?;
        let numbers = names.iter().filter_map(|file| migrations::number(file));
        last = numbers.fold(last, u32::max);
    }
    for folder in folders {
        fs::create_dir_all(&folder).with_context(|| format!("make {}", folder.display()))?;
        let path = folder.join(format!("{:04}_{name}.sql", last + 1));
        // Never over a file that is there.
        File::create_new(&path)
            .and_then(|mut file| {
                writeln!(file, "-- {name}: what it changes and why, one sentence.")
            })
            .with_context(|| format!("write {}", path.display()))?;
        println!("{}", path.strip_prefix(root).unwrap_or(&path).display());
    }
    Ok(ExitCode::SUCCESS)
}
