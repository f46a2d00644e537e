//! Links of documents lead somewhere: to a file of this repository, and to a heading that is in it.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::Result;

use super::paths::unfenced;
use super::tree::{self, Source};

/// Begun for others to go on with, and read in another place than they are kept in.
const SKELETONS: &str = "xtask/";

pub(super) fn check(root: &Path) -> Result<Vec<String>> {
    let documents = tree::files(root, "", "md")?;
    let ours = documents.iter().filter(|document| !document.name.starts_with(SKELETONS));
    let mut failures = Vec::new();
    for document in ours {
        for (line, target) in targets(&document.text) {
            if !leads_somewhere(root, document, target, &documents) {
                let name = &document.name;
                failures.push(format!("{name}:{line}: {target} leads nowhere: name what is there"));
            }
        }
    }
    Ok(failures)
}

/// Where the links of a document that stay in this repository lead, with their lines.
fn targets(text: &str) -> Vec<(usize, &str)> {
    let links = unfenced(text).flat_map(|(number, line)| {
        let begun = line.split("](").skip(1);
        begun.filter_map(move |rest| Some((number, rest.split_once(')')?.0)))
    });
    links.filter(|(_, target)| !target.contains("://") && !target.starts_with("mailto:")).collect()
}

fn leads_somewhere(root: &Path, from: &Source, target: &str, documents: &[Source]) -> bool {
    let (path, anchor) = target.split_once('#').unwrap_or((target, ""));
    let folder = Path::new(&from.name).parent().unwrap_or(Path::new(""));
    let reached =
        if path.is_empty() { root.join(&from.name) } else { root.join(folder.join(path)) };
    let Ok(reached) = reached.canonicalize() else { return false };
    let is_it = |document: &&Source| {
        root.join(&document.name).canonicalize().is_ok_and(|document| document == reached)
    };
    // Lines of sources and the like are not looked at.
    let Some(document) = documents.iter().find(is_it) else { return true };
    anchor.is_empty() || anchors(&document.text).contains(anchor)
}

/// What GitHub makes of headings.
fn anchors(text: &str) -> BTreeSet<String> {
    let headings = unfenced(text).filter(|(_, line)| line.starts_with('#'));
    let kept = |character: &char| character.is_alphanumeric() || " -_".contains(*character);
    let named = |(_, line): (usize, &str)| {
        let heading = line.trim_start_matches('#').trim().to_lowercase();
        heading.chars().filter(kept).collect::<String>().replace(' ', "-")
    };
    headings.map(named).collect()
}

#[cfg(test)]
mod tests {
    use super::{anchors, targets};

    #[test]
    fn links_are_found_outside_fences_and_within_the_repository() {
        let text =
            "[a](b.md#c) and [d](#e)\n```\n[no](no.md)\n```\n[f](https://example.org) [g](h)";
        assert_eq!(targets(text), [(1, "b.md#c"), (1, "#e"), (5, "h")]);
    }

    #[test]
    fn headings_are_anchors_without_their_marks() {
        let text = "# What it is: `x`, and y\n```\n# no\n```\n## Без прокси";
        let found: Vec<_> = anchors(text).into_iter().collect();
        assert_eq!(found, ["what-it-is-x-and-y", "без-прокси"]);
    }
}
