//! The files that rules read: ours, not what a build or a run left behind.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use walkdir::{DirEntry, WalkDir};

/// A file of the tree, named as a reader would name it.
pub(super) struct Source {
    /// From the root, with `/`.
    pub(super) name: String,
    pub(super) text: String,
}

/// Every Rust file below a folder of the root; none when the folder is absent.
pub(super) fn rust_files(root: &Path, folder: &str) -> Result<Vec<Source>> {
    files(root, folder, "rs")
}

/// Every file with this extension below a folder of the root; none when the folder is absent.
pub(super) fn files(root: &Path, folder: &str, extension: &str) -> Result<Vec<Source>> {
    let top = root.join(folder);
    if !top.exists() {
        return Ok(Vec::new());
    }
    let mut sources = Vec::new();
    for entry in WalkDir::new(&top).sort_by_file_name().into_iter().filter_entry(is_ours) {
        let entry = entry.context("walk the tree")?;
        if entry.path().extension() == Some(OsStr::new(extension)) {
            sources.push(read(root, entry.path())?);
        }
    }
    Ok(sources)
}

pub(super) fn read(root: &Path, path: &Path) -> Result<Source> {
    let text = fs::read_to_string(path).with_context(|| format!("read {}", path.display()))?;
    let name = path.strip_prefix(root).unwrap_or(path).to_string_lossy().replace('\\', "/");
    Ok(Source { name, text })
}

/// The names in a folder, sorted; none when the folder is absent.
pub(super) fn entries(folder: &Path) -> Result<Vec<PathBuf>> {
    if !folder.exists() {
        return Ok(Vec::new());
    }
    let entries = fs::read_dir(folder).with_context(|| format!("read {}", folder.display()))?;
    let mut paths = entries
        .map(|entry| Ok(entry?.path()))
        .collect::<Result<Vec<_>>>()
        .with_context(|| format!("read {}", folder.display()))?;
    paths.sort();
    Ok(paths)
}

fn is_ours(entry: &DirEntry) -> bool {
    let name = entry.file_name().to_string_lossy();
    // The top itself may be called anything, `.` included.
    entry.depth() == 0 || !(name.starts_with('.') || name == "target")
}
