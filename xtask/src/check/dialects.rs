//! Dialects do not know each other: what two of them share belongs to the kit or to operations.

use std::path::Path;

use anyhow::Result;

use super::tree;

const FOLDER: &str = "crates/api/src/dialects";

pub(super) fn check(root: &Path) -> Result<Vec<String>> {
    let folders = tree::entries(&root.join(FOLDER))?.into_iter().filter(|path| path.is_dir());
    let dialects: Vec<_> = folders
        .filter_map(|path| path.file_name().map(|name| name.to_string_lossy().into_owned()))
        .collect();

    let mut failures = Vec::new();
    for own in &dialects {
        for source in tree::rust_files(root, &format!("{FOLDER}/{own}"))? {
            let named = names_after(&source.text, "dialects::");
            for other in dialects.iter().filter(|other| *other != own) {
                if named.contains(&other.as_str()) {
                    failures.push(format!(
                        "{} uses dialect {other}: move what both need to the kit or to operations",
                        source.name
                    ));
                }
            }
        }
    }
    Ok(failures)
}

/// The names that follow a path prefix, also those grouped by braces.
pub(super) fn names_after<'text>(text: &'text str, prefix: &str) -> Vec<&'text str> {
    let mut names = Vec::new();
    for (at, _) in text.match_indices(prefix) {
        let rest = &text[at + prefix.len()..];
        let Some(group) = rest.strip_prefix('{') else {
            names.extend(words(rest).next());
            continue;
        };
        let mut depth = 0_usize;
        let end = group.find(|character| match character {
            '{' => {
                depth += 1;
                false
            }
            '}' => {
                let closes = depth == 0;
                depth = depth.saturating_sub(1);
                closes
            }
            _ => false,
        });
        // Deeper names are taken too: a dialect's module that is called like another dialect would
        // only confuse.
        names.extend(words(&group[..end.unwrap_or(group.len())]));
    }
    names
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|character: char| !(character.is_alphanumeric() || character == '_'))
        .filter(|word| !word.is_empty())
}
