//! `cargo xtask check`: rules about the shape of the tree that no compiler knows. One rule, one
//! file, one line in `RULES`.
//!
//! A rule returns its failures, each one line that says what is wrong and how to mend it.

mod arrows;
mod dialects;
mod globs;
mod links;
pub(crate) mod migrations;
mod paths;
mod reasons;
mod sizes;
mod tables;
#[cfg(test)]
mod tests;
mod tree;

use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context as _, Result};

type Rule = fn(&Path) -> Result<Vec<String>>;

const RULES: [(&str, Rule); 9] = [
    ("file sizes", sizes::check),
    ("crate arrows", arrows::check),
    ("independent dialects", dialects::check),
    ("no glob re-exports", globs::check),
    ("migrations in step", migrations::check),
    ("tables explained", tables::check),
    ("paths in documents", paths::check),
    ("links in documents", links::check),
    ("reasons of dependencies", reasons::check),
];

pub(crate) fn run(root: &Path) -> Result<ExitCode> {
    let mut failures = 0;
    for (name, rule) in RULES {
        for failure in rule(root).with_context(|| format!("check {name}"))? {
            println!("{name}: {failure}");
            failures += 1;
        }
    }
    if failures > 0 {
        println!("{failures} failures");
        return Ok(ExitCode::FAILURE);
    }
    println!("all {} rules hold", RULES.len());
    Ok(ExitCode::SUCCESS)
}
