//! Every table that a migration makes is explained to whoever looks into the database.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};

use super::{migrations, tree};

const PAGE: &str = "docs/TABLES.md";
const MADE: &str = "CREATE TABLE ";

pub(super) fn check(root: &Path) -> Result<Vec<String>> {
    let page = fs::read_to_string(root.join(PAGE)).with_context(|| format!("read {PAGE}"))?;
    let mut tables = BTreeSet::new();
    for folder in migrations::folders(root) {
        for path in tree::entries(&folder)? {
            tables.extend(made(&tree::read(root, &path)?.text));
        }
    }
    let unknown = tables.into_iter().filter(|table| !page.contains(&format!("`{table}`")));
    Ok(unknown.map(|table| format!("{PAGE} does not say what `{table}` is")).collect())
}

fn made(sql: &str) -> Vec<String> {
    let begun = sql.split(MADE).skip(1).map(|rest| rest.trim_start_matches("IF NOT EXISTS "));
    begun.filter_map(|rest| rest.split([' ', '(']).next()).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::made;

    #[test]
    fn tables_are_found_however_they_are_made() {
        let sql = "-- a: b.\nCREATE TABLE a (x INT);\nCREATE TABLE IF NOT EXISTS b(\n y INT);";
        assert_eq!(made(sql), ["a", "b"]);
    }
}
