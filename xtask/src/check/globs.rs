//! Re-exports are explicit lists: a reader sees what a module offers, and nothing leaks by accident.

use std::path::Path;

use anyhow::Result;

use super::tree;

pub(super) fn check(root: &Path) -> Result<Vec<String>> {
    let mut failures = Vec::new();
    for source in tree::rust_files(root, ".")? {
        for line in glob_lines(&source.text) {
            let name = &source.name;
            failures.push(format!("{name}:{line}: `pub use` with `*`: list the names"));
        }
    }
    Ok(failures)
}

/// The lines on which public re-exports of everything begin.
pub(super) fn glob_lines(text: &str) -> Vec<usize> {
    let mut found = Vec::new();
    let mut offset = 0;
    for (number, line) in (1..).zip(text.split_inclusive('\n')) {
        let statement = text[offset..].split(';').next().unwrap_or_default();
        offset += line.len();
        if is_public_use(line) && statement.contains("::*") || is_group_glob(line, statement) {
            found.push(number);
        }
    }
    found
}

fn is_public_use(line: &str) -> bool {
    let Some(rest) = line.trim_start().strip_prefix("pub") else { return false };
    let rest = match rest.strip_prefix('(').and_then(|scope| scope.split_once(')')) {
        Some((_, after)) => after,
        None => rest,
    };
    rest.trim_start().starts_with("use ")
}

/// `pub use noun::{verb, *};`
fn is_group_glob(line: &str, statement: &str) -> bool {
    let star = |part: &str| part.trim() == "*";
    is_public_use(line) && statement.split(['{', '}', ',']).any(star)
}
