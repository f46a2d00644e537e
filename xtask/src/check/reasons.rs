//! Every library says in the root manifest why it is here.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};

const SECTION: &str = "[workspace.dependencies]";

pub(super) fn check(root: &Path) -> Result<Vec<String>> {
    let manifest = fs::read_to_string(root.join("Cargo.toml")).context("read Cargo.toml")?;
    let failure = |name| format!("Cargo.toml: {name} has no reason: end its line with `# why`");
    Ok(without_reason(&manifest).into_iter().map(failure).collect())
}

/// The dependencies whose entry ends without a comment. Our own crates need none.
pub(super) fn without_reason(manifest: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut entry = None;
    let mut depth = 0;
    let lines = manifest.lines().map(str::trim).skip_while(|line| *line != SECTION).skip(1);
    for line in lines.take_while(|line| !line.starts_with('[')) {
        let (code, reason) = split_comment(line);
        if depth == 0 {
            entry = code.split_once('=').map(|(name, value)| (name.trim(), value));
        }
        depth += code.matches(['{', '[']).count();
        depth = depth.saturating_sub(code.matches(['}', ']']).count());
        // An entry over several lines is judged by its last.
        if depth == 0
            && let Some((name, value)) = entry
            && !value.contains("path =")
            && reason.trim().is_empty()
        {
            found.push(name);
        }
    }
    found
}

/// Splits at the first `#` outside a string.
fn split_comment(line: &str) -> (&str, &str) {
    let mut quoted = false;
    let comment = line.find(|character| {
        quoted ^= character == '"';
        character == '#' && !quoted
    });
    let (code, comment) = line.split_at(comment.unwrap_or(line.len()));
    (code.trim(), comment.trim_start_matches('#'))
}
