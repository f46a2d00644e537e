//! Which crate may know which. The arrows are why the workspace has crates at all; tests may cross
//! them, so only normal dependencies count.

use std::path::Path;

use anyhow::{Context as _, Result};
use cargo_metadata::{Dependency, DependencyKind, MetadataCommand, Package};

/// Each of our crates with those of ours that it may depend on.
const ARROWS: [(&str, &[&str]); 9] = [
    ("domain", &[]),
    ("storage", &["domain"]),
    ("operations", &["domain", "storage"]),
    ("integrations", &["domain", "operations"]),
    ("api", &["domain", "operations"]),
    ("server", &["domain", "storage", "operations", "integrations", "api"]),
    ("transcript", &[]),
    (
        "testkit",
        &["domain", "storage", "operations", "integrations", "api", "server", "transcript"],
    ),
    ("xtask", &["transcript"]),
];

/// Libraries that are the business of a few crates. The server has axum because what it listens
/// with hands bodies and peers to the router in axum's types; the only routes of its own are those
/// of the development mailbox.
const OWNED: [(&str, &[&str]); 2] =
    [("sqlx", &["storage", "testkit"]), ("axum", &["api", "server", "testkit"])];

/// Libraries that one crate must do without.
const BANNED: [(&str, &str); 1] = [("domain", "tokio")];

pub(super) fn check(root: &Path) -> Result<Vec<String>> {
    let metadata = MetadataCommand::new()
        .manifest_path(root.join("Cargo.toml"))
        .no_deps()
        .exec()
        .context("read the crates of the workspace")?;
    Ok(metadata.packages.iter().flat_map(failures_of).collect())
}

fn failures_of(package: &Package) -> Vec<String> {
    let normal = |dependency: &&Dependency| dependency.kind == DependencyKind::Normal;
    let names = package.dependencies.iter().filter(normal).map(|found| found.name.as_str());
    names.filter_map(|dependency| failure(&package.name, dependency)).collect()
}

/// What is wrong with one arrow, if anything is.
pub(super) fn failure(package: &str, dependency: &str) -> Option<String> {
    let Some((_, allowed)) = ARROWS.iter().find(|(name, _)| *name == package) else {
        return Some(format!("{package}: unknown crate, give it arrows in {}", file!()));
    };
    let ours = ARROWS.iter().any(|(name, _)| *name == dependency);
    if ours && !allowed.contains(&dependency) {
        return Some(format!(
            "{package} depends on {dependency}: move the code to the storey that may know it"
        ));
    }
    if let Some((_, owners)) = OWNED.iter().find(|(library, _)| *library == dependency)
        && !owners.contains(&package)
    {
        let owners = owners.join(" and ");
        return Some(format!("{package} depends on {dependency}: only {owners} may"));
    }
    BANNED
        .contains(&(package, dependency))
        .then(|| format!("{package} depends on {dependency}: it does no I/O, move the code up"))
}
