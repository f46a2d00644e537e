//! Files that one can hold in mind: none too long, and most of them short.

use std::path::Path;

use anyhow::Result;

use super::tree::{self, Source};

const LONGEST: usize = 500;
/// Tables of cases are long without being hard.
const LONGEST_TEST: usize = 700;
const MEDIAN: usize = 120;
const README: &str = "README.md";
/// It is read to the end, by everybody.
const LONGEST_README: usize = 150;

pub(super) fn check(root: &Path) -> Result<Vec<String>> {
    let sources = tree::rust_files(root, ".")?;
    let readme = tree::read(root, &root.join(README))?;
    let mut failures: Vec<_> = sources.iter().chain([&readme]).filter_map(too_long).collect();

    let product = sources.iter().filter(|source| !is_test(&source.name));
    let median = median(product.map(lines).collect());
    println!("median length of a file: {median} lines");
    if median > MEDIAN {
        failures.push(format!("median of {median} lines, above {MEDIAN}: split files by noun"));
    }
    Ok(failures)
}

fn too_long(source: &Source) -> Option<String> {
    let (name, lines) = (&source.name, lines(source));
    let (limit, remedy) = limit(name);
    (lines > limit).then(|| format!("{name}: {lines} lines, above {limit}: {remedy}"))
}

/// How long a file may be, and what to do when it is longer.
pub(super) fn limit(name: &str) -> (usize, &'static str) {
    let split = "split it by noun or verb";
    match name {
        README => (LONGEST_README, "move to docs what few need"),
        name if is_test(name) => (LONGEST_TEST, split),
        _ => (LONGEST, split),
    }
}

pub(super) fn is_test(name: &str) -> bool {
    name.ends_with("/tests.rs") || name.split('/').any(|part| part == "tests")
}

pub(super) fn median(mut lengths: Vec<usize>) -> usize {
    lengths.sort_unstable();
    lengths.get(lengths.len() / 2).copied().unwrap_or(0)
}

fn lines(source: &Source) -> usize {
    source.text.lines().count()
}
