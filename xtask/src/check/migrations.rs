//! The three migration folders tell the same story: the same numbers and names, without a gap.

use std::path::{Path, PathBuf};

use anyhow::Result;

use super::tree;

const FOLDER: &str = "crates/storage/migrations";
const BACKENDS: [&str; 3] = ["sqlite", "postgres", "mysql"];

pub(super) fn check(root: &Path) -> Result<Vec<String>> {
    let folders = folders(root);
    let listed = folders.iter().map(|folder| files(folder)).collect::<Result<Vec<_>>>()?;

    let mut all: Vec<_> = listed.iter().flatten().collect();
    all.sort();
    all.dedup();
    let mut failures = Vec::new();
    for (backend, names) in BACKENDS.iter().zip(&listed) {
        for missing in all.iter().filter(|name| !names.contains(name)) {
            failures.push(format!("{FOLDER}/{backend}/{missing} is missing: write it"));
        }
    }
    failures.extend(misnumbered(&all));
    Ok(failures)
}

/// The folder of each backend, whether it is there or not.
pub(crate) fn folders(root: &Path) -> Vec<PathBuf> {
    BACKENDS.iter().map(|backend| root.join(FOLDER).join(backend)).collect()
}

/// The names of the files in a folder, sorted.
pub(crate) fn files(folder: &Path) -> Result<Vec<String>> {
    let names = tree::entries(folder)?
        .into_iter()
        .filter_map(|path| path.file_name().map(|name| name.to_string_lossy().into_owned()));
    Ok(names.collect())
}

/// The number of `NNNN_name.sql`.
pub(crate) fn number(file: &str) -> Option<u32> {
    let (digits, name) = file.strip_suffix(".sql")?.split_once('_')?;
    let well_formed = digits.len() == 4 && digits.bytes().all(|digit| digit.is_ascii_digit());
    (well_formed && is_name(name)).then(|| digits.parse().ok()).flatten()
}

pub(crate) fn is_name(name: &str) -> bool {
    let allowed = |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_');
    !name.is_empty() && name.bytes().all(allowed)
}

/// What is wrong with the numbers of these sorted files.
pub(super) fn misnumbered(files: &[impl AsRef<str>]) -> Vec<String> {
    let mut failures = Vec::new();
    let mut expected = 1;
    for file in files.iter().map(AsRef::as_ref) {
        match number(file) {
            None => failures.push(format!("{file}: call it NNNN_name.sql, with [a-z0-9_]+")),
            Some(found) => {
                if found != expected {
                    failures.push(format!("{file}: number it {expected:04}, without gap or twin"));
                }
                expected = found + 1;
            }
        }
    }
    failures
}
