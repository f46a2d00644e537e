//! `cargo xtask generate`: the references that the binary itself prints, and whether the committed
//! ones still say the same.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{ExitCode, Stdio};

use anyhow::{Context as _, Result, ensure};
use serde_json::{Map, Value};

use crate::environment;

/// Each file with the arguments that make the server print it.
const REFERENCES: &[(&str, &[&str])] = &[
    ("docs/reference/configuration.md", &["config", "reference"]),
    ("docs/reference/cli.md", &["cli-reference"]),
    ("docs/reference/error-codes.md", &["error-codes"]),
    ("docs/reference/events.md", &["event-reference"]),
    ("docs/reference/openapi/native.json", &["openapi", "native"]),
    ("docs/reference/openapi/user_management.json", &["openapi", "user_management"]),
    ("docs/reference/openapi/jwt_accounts.json", &["openapi", "jwt_accounts"]),
    ("docs/reference/openapi/shared_users.json", &["openapi", "shared_users"]),
    ("docs/reference/openapi/djoser.json", &["openapi", "djoser"]),
    ("docs/reference/openapi/mailed_codes.json", &["openapi", "mailed_codes"]),
    ("postman_collection.json", &["postman"]),
];

/// Each folder with the arguments that make the server print what is in it: an object, a member a file.
const FOLDERS: &[(&str, &[&str])] = &[
    ("docs/reference/events", &["event-schemas"]),
    ("docs/reference/commands", &["command-schemas"]),
];

#[derive(clap::Args)]
pub(crate) struct Options {
    /// Write nothing; fail when a file differs from what the binary prints
    #[arg(long)]
    check: bool,
}

pub(crate) fn run(root: &Path, options: &Options) -> Result<ExitCode> {
    let mut fresh = Vec::new();
    for &(file, arguments) in REFERENCES {
        fresh.push((PathBuf::from(file), printed(arguments)?));
    }
    let mut stale = Vec::new();
    for &(folder, arguments) in FOLDERS {
        let files = documents(folder, &printed(arguments)?)?;
        stale.extend(superfluous(root, folder, &files)?);
        fresh.extend(files);
    }
    if !options.check {
        for file in &stale {
            fs::remove_file(root.join(file))?;
        }
    }
    for (file, text) in &fresh {
        let path = root.join(file);
        if fs::read_to_string(&path).is_ok_and(|committed| committed == *text) {
            continue;
        }
        stale.push(file.clone());
        if !options.check {
            write(&path, text).with_context(|| format!("write {}", file.display()))?;
        }
    }
    for file in &stale {
        let verdict = if options.check { "stale, run `cargo xtask generate`" } else { "renewed" };
        println!("{}: {verdict}", file.display());
    }
    println!("{} references, {} differed", fresh.len(), stale.len());
    let failed = options.check && !stale.is_empty();
    Ok(if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// The files of a folder, of one object whose members are documents.
fn documents(folder: &str, printed: &str) -> Result<Vec<(PathBuf, String)>> {
    let members: Map<String, Value> = serde_json::from_str(printed)
        .with_context(|| format!("what is to go to {folder} is no object"))?;
    let files = members.into_iter().map(|(name, document)| {
        let text = serde_json::to_string_pretty(&document)? + "\n";
        Ok((Path::new(folder).join(name + ".json"), text))
    });
    files.collect()
}

/// What is in the folder and no longer printed.
fn superfluous(root: &Path, folder: &str, files: &[(PathBuf, String)]) -> Result<Vec<PathBuf>> {
    let Ok(entries) = fs::read_dir(root.join(folder)) else { return Ok(Vec::new()) };
    let mut superfluous = Vec::new();
    for entry in entries {
        let file = Path::new(folder).join(entry?.file_name());
        if !files.iter().any(|(kept, _)| *kept == file) {
            superfluous.push(file);
        }
    }
    Ok(superfluous)
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
