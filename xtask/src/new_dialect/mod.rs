//! `cargo xtask new-dialect`: a surface that compiles and answers, with its settings, its document
//! and a transcript that the tests carry out. Its author changes it, page by page, into the original.

mod edits;
mod name;
#[cfg(test)]
mod tests;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, Result, ensure};
use walkdir::WalkDir;

use crate::environment;
use edits::EDITS;
use name::Name;

/// Mirrors the tree: each file goes where it stands below this folder.
const SKELETON: &str = "xtask/skeletons/dialect";

#[derive(clap::Args)]
pub(crate) struct Options {
    /// As settings and paths name it, such as `house_keys`
    name: String,
}

pub(crate) fn run(root: &Path, options: &Options) -> Result<ExitCode> {
    let name = Name::parse(&options.name)?;
    // Nothing is written before everything is known to fit.
    let files = files(root, &name)?;
    let edited = edited(root, &name)?;
    for (path, text) in files.iter().chain(&edited) {
        let whole = root.join(path);
        if let Some(folder) = whole.parent() {
            fs::create_dir_all(folder).with_context(|| format!("make {}", folder.display()))?;
        }
        fs::write(&whole, text).with_context(|| format!("write {}", path.display()))?;
    }
    format_all(root)?;
    for (what, list) in [("new", &files), ("changed", &edited)] {
        for (path, _) in list {
            println!("{what:8}{}", path.display());
        }
    }
    let name = &options.name;
    println!("\nNext, as CONTRIBUTING.md explains:");
    println!("  cargo xtask generate                         documents, settings, the collection");
    println!("  cargo xtask test -- --test api {name:<13} what its page says is what it answers");
    Ok(ExitCode::SUCCESS)
}

/// The files of the skeleton under their names to be, none of which there may be yet.
fn files(root: &Path, name: &Name) -> Result<Vec<(PathBuf, String)>> {
    let top = root.join(SKELETON);
    let mut files = Vec::new();
    for entry in WalkDir::new(&top).sort_by_file_name() {
        let entry = entry.context("walk the skeleton")?;
        if entry.file_type().is_dir() {
            continue;
        }
        let below = entry.path().strip_prefix(&top).context("leave the skeleton")?;
        let path = PathBuf::from(name.fill(&below.to_string_lossy()));
        ensure!(!root.join(&path).exists(), "there is {} already", path.display());
        let text = fs::read_to_string(entry.path())
            .with_context(|| format!("read {}", entry.path().display()))?;
        files.push((path, name.fill(&text)));
    }
    Ok(files)
}

/// The files that name every dialect, with the new one in them.
fn edited(root: &Path, name: &Name) -> Result<Vec<(PathBuf, String)>> {
    let mut edited: Vec<(PathBuf, String)> = Vec::new();
    for edit in EDITS {
        let path = PathBuf::from(edit.file);
        let known = edited.iter().position(|(other, _)| *other == path);
        let at = if let Some(at) = known {
            at
        } else {
            let text = fs::read_to_string(root.join(&path))
                .with_context(|| format!("read {}", edit.file))?;
            edited.push((path, text));
            edited.len() - 1
        };
        edited[at].1 = edit.made(&edited[at].1, name)?;
    }
    Ok(edited)
}

/// What was put into lists may not stand as the formatter would have it.
fn format_all(root: &Path) -> Result<()> {
    let mut format = environment::cargo();
    let status = format.args(["fmt", "--all"]).current_dir(root).status().context("format")?;
    ensure!(status.success(), "`cargo fmt`: {status}");
    Ok(())
}
