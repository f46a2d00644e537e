//! `cargo xtask generate`: the references that the binary itself prints, and whether the committed
//! ones still say the same.

use std::fs;
use std::path::Path;
use std::process::{ExitCode, Stdio};

use anyhow::{Context as _, Result, ensure};

use crate::environment;

/// Each file with the arguments that make the server print it.
const REFERENCES: [(&str, &[&str]); 14] = [
    ("docs/reference/configuration.md", &["config", "reference"]),
    ("docs/reference/cli.md", &["cli-reference"]),
    ("docs/reference/error-codes.md", &["error-codes"]),
    ("docs/reference/openapi/native.json", &["openapi", "native"]),
    ("docs/reference/openapi/user_management.json", &["openapi", "user_management"]),
    ("docs/reference/openapi/jwt_accounts.json", &["openapi", "jwt_accounts"]),
    ("docs/reference/openapi/shared_users.json", &["openapi", "shared_users"]),
    ("docs/reference/openapi/djoser.json", &["openapi", "djoser"]),
    ("postman_collection.json", &["postman"]),
    ("docs/reference/commands/user.block.json", &["command-schema", "user.block"]),
    ("docs/reference/commands/user.unblock.json", &["command-schema", "user.unblock"]),
    ("docs/reference/commands/user.delete.json", &["command-schema", "user.delete"]),
    ("docs/reference/commands/user.grant-role.json", &["command-schema", "user.grant-role"]),
    (
        "docs/reference/commands/user.profile.update.json",
        &["command-schema", "user.profile.update"],
    ),
];

#[derive(clap::Args)]
pub(crate) struct Options {
    /// Write nothing; fail when a file differs from what the binary prints
    #[arg(long)]
    check: bool,
}

pub(crate) fn run(root: &Path, options: &Options) -> Result<ExitCode> {
    let mut stale = Vec::new();
    for (file, arguments) in REFERENCES {
        let fresh = printed(arguments)?;
        let path = root.join(file);
        if fs::read_to_string(&path).is_ok_and(|committed| committed == fresh) {
            continue;
        }
        stale.push(file);
        if !options.check {
            write(&path, &fresh).with_context(|| format!("write {file}"))?;
        }
    }
    for file in &stale {
        let verdict = if options.check { "stale, run `cargo xtask generate`" } else { "written" };
        println!("{file}: {verdict}");
    }
    println!("{} references, {} differed", REFERENCES.len(), stale.len());
    let failed = options.check && !stale.is_empty();
    Ok(if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

fn printed(arguments: &[&str]) -> Result<String> {
    let what = arguments.join(" ");
    let mut server = environment::cargo();
    server.args(["run", "--quiet", "--package", "server", "--"]).args(arguments);
    let output = server
        .stderr(Stdio::inherit())
        .output()
        .with_context(|| format!("ask the server for `{what}`"))?;
    ensure!(output.status.success(), "the server's `{what}`: {}", output.status);
    let mut text = String::from_utf8(output.stdout)
        .with_context(|| format!("the server's `{what}` is not UTF-8"))?;
    text.truncate(text.trim_end().len());
    ensure!(!text.is_empty(), "the server's `{what}` printed nothing");
    text.push('\n');
    Ok(text)
}

fn write(path: &Path, text: &str) -> Result<()> {
    fs::create_dir_all(path.parent().context("a file has a folder")?)?;
    Ok(fs::write(path, text)?)
}
