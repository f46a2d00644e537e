//! Documents name only what exists: a code span that reads like a path of this repository is one.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use anyhow::Result;

use super::tree;

const DOCUMENTS: [&str; 3] = ["ARCHITECTURE.md", "README.md", "CONTRIBUTING.md"];
/// Only the pages directly in it: decisions are history and keep the names of their day.
const FOLDER: &str = "docs";
/// Present or absent by the accident of a build or a run.
const NOT_KEPT: [&str; 2] = ["target", "data"];

pub(super) fn check(root: &Path) -> Result<Vec<String>> {
    let mut failures = Vec::new();
    for document in documents(root)? {
        let source = tree::read(root, &document)?;
        for (line, span) in code_spans(&source.text) {
            let Some(path) = path_in(span).filter(|path| is_ours(root, path)) else { continue };
            if !root.join(path).exists() {
                let name = &source.name;
                failures.push(format!("{name}:{line}: `{path}` does not exist: name what does"));
            }
        }
    }
    Ok(failures)
}

fn documents(root: &Path) -> Result<Vec<PathBuf>> {
    let mut documents: Vec<_> = DOCUMENTS.iter().map(|name| root.join(name)).collect();
    documents.extend(tree::entries(&root.join(FOLDER))?);
    documents.retain(|path| path.is_file() && path.extension() == Some(OsStr::new("md")));
    Ok(documents)
}

/// Every single-line code span outside fenced blocks, with its line.
pub(super) fn code_spans(text: &str) -> Vec<(usize, &str)> {
    let mut spans = Vec::new();
    for (number, line) in unfenced(text) {
        // The first part is before a backtick; from there, every second one is inside.
        let parts: Vec<_> = line.split('`').collect();
        let closed = parts.len().saturating_sub(1);
        spans.extend(parts[..closed].iter().skip(1).step_by(2).map(|span| (number, *span)));
    }
    spans
}

/// The lines outside fenced blocks, with their numbers.
pub(super) fn unfenced(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut fenced = false;
    (1..).zip(text.lines()).filter(move |(_, line)| {
        let is_fence = line.trim_start().starts_with("```");
        fenced ^= is_fence;
        !fenced && !is_fence
    })
}

/// The path that a span names, without its placeholders: `docs/<name>.md` names `docs`.
pub(super) fn path_in(span: &str) -> Option<&str> {
    let reads_like_path = span.contains('/')
        || [".rs", ".md", ".toml"].iter().any(|extension| span.ends_with(extension));
    if !reads_like_path || span.starts_with('/') || span.contains(char::is_whitespace) {
        return None;
    }
    let fixed = match span.find(['<', '{', '*', '…', '$']) {
        Some(at) => &span[..span[..at].rfind('/')?],
        None => span,
    };
    // `file.rs:12`, `page.md#heading`
    let fixed = fixed.split([':', '#']).next().unwrap_or_default();
    Some(fixed.trim_end_matches('/')).filter(|path| !path.is_empty())
}

/// Whether it begins like a path of this repository rather than a URL's or another project's.
fn is_ours(root: &Path, path: &str) -> bool {
    let first = path.split('/').next().unwrap_or(path);
    !NOT_KEPT.contains(&first) && (first == "crates" || root.join(first).exists())
}
