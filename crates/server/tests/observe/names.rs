//! Metrics are named alike by who counts, who documents, who alerts and who draws.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use super::prometheus::check_metrics;
use super::{DASHBOARD, DOCUMENT, RULES, Used, path, rare, read};

/// The parts of a histogram, and how its name stands in documents.
const PARTS: [&str; 3] = ["_bucket", "_sum", "_count"];

/// Every metric of ours that a text names, recorded ones too.
pub(super) fn metrics(text: &str) -> BTreeSet<String> {
    let is_part = |char: char| char.is_ascii_alphanumeric() || matches!(char, '_' | ':');
    let is_ours = |word: &&str| {
        let own = word.rsplit(':').find(|part| part.contains('_')).unwrap_or(word);
        (own.starts_with("vestibule_") || own.starts_with("process_")) && !word.ends_with('_')
    };
    let words = text.split(|char: char| !is_part(char));
    words.filter(is_ours).map(|word| whole(word.trim_end_matches(':')).to_owned()).collect()
}

fn whole(name: &str) -> &str {
    PARTS.iter().find_map(|part| name.strip_suffix(part)).unwrap_or(name)
}

/// With recorded ones told apart by their colons.
fn recorded(names: &BTreeSet<String>) -> (BTreeSet<String>, BTreeSet<String>) {
    names.iter().cloned().partition(|name| name.contains(':'))
}

#[test]
fn every_metric_that_rules_and_dashboard_name_exists() {
    let used = Used::start();
    let (rules, dashboard) = (read(RULES), read(DASHBOARD));
    let exposed = metrics(&used.metrics());
    let known: BTreeSet<_> = exposed.union(&rare()).cloned().collect();
    let made: BTreeSet<_> = rules
        .lines()
        .filter_map(|line| line.trim().strip_prefix("- record: "))
        .map(ToOwned::to_owned)
        .collect();
    for (file, text) in [(RULES, &rules), (DASHBOARD, &dashboard)] {
        let (recorded, plain) = recorded(&metrics(text));
        assert!(!plain.is_empty(), "{file}");
        let missing: Vec<_> = plain.difference(&known).collect();
        assert!(missing.is_empty(), "{file} names what there is not: {missing:?}");
        let missing: Vec<_> = recorded.difference(&made).collect();
        assert!(missing.is_empty(), "{file} names what nobody records: {missing:?}");
    }
    used.running.stop();
}

#[test]
fn every_metric_is_documented_and_every_documented_one_exists() {
    let used = Used::start();
    let exposed = metrics(&used.metrics());
    let documented = metrics(&read(DOCUMENT));
    let known: BTreeSet<_> = exposed.union(&rare()).cloned().collect();
    let silent: Vec<_> = exposed.difference(&documented).collect();
    assert!(silent.is_empty(), "{DOCUMENT} does not say what these are: {silent:?}");
    // What stands for several ends with dots, which are no part of a name.
    let families = ["vestibule_jobs", "vestibule_events", "vestibule_signing_key"];
    let is_family = |name: &&String| families.contains(&name.as_str());
    let gone: Vec<_> = documented.difference(&known).filter(|name| !is_family(name)).collect();
    assert!(gone.is_empty(), "{DOCUMENT} names what there is not: {gone:?}");
    assert!(rare().is_disjoint(&exposed), "these are not rare: {:?}", rare());
    used.running.stop();
}

/// What each crate measures, with a word about each. Names that stand anywhere else in code drift apart.
#[test]
fn every_name_stands_once_in_code_and_is_documented() {
    let documented = metrics(&read(DOCUMENT));
    let (mut named, mut files) = (Vec::new(), Vec::new());
    for source in ["storage", "operations", "integrations", "api", "server"] {
        sources(&path(&format!("crates/{source}/src")), &mut files);
    }
    for (name, text) in &files {
        let literals = text.split('"').skip(1).step_by(2);
        let found: Vec<_> = literals.filter(|word| metrics(word).contains(*word)).collect();
        let is_table = name.ends_with("/measures.rs");
        assert!(is_table || found.is_empty(), "{name} has names of its own: {found:?}");
        named.extend(found);
    }
    assert!(named.len() > 40, "{named:?}");
    let once: BTreeSet<_> = named.iter().map(|name| (*name).to_owned()).collect();
    assert_eq!(once.len(), named.len(), "one metric has one name: {named:?}");
    let silent: Vec<_> = once.difference(&documented).collect();
    assert!(silent.is_empty(), "{DOCUMENT} does not say what these are: {silent:?}");
}

/// Each file of Rust below the folder, with what it says.
fn sources(folder: &Path, found: &mut Vec<(String, String)>) {
    for entry in fs::read_dir(folder).expect("a folder").filter_map(Result::ok) {
        let path = entry.path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|kind| kind == "rs") {
            found.push((path.display().to_string(), fs::read_to_string(&path).expect("a text")));
        }
    }
}

/// Types, units, and a line of help for each: what Prometheus and Grafana show.
#[test]
fn a_scrape_is_as_prometheus_would_have_it() {
    let used = Used::start();
    let metrics = used.metrics();
    let found = check_metrics(&metrics);
    assert!(found.is_empty(), "{found:#?}");
    assert!(metrics.contains("# TYPE process_cpu_seconds_total counter"), "{metrics}");
    // A request may take ten seconds, and its body more: what takes so long is told apart.
    for le in ["2.5", "10", "30"] {
        let bucket = |line: &&str| {
            line.starts_with("vestibule_http_request_seconds_bucket{")
                && line.contains(&format!("le=\"{le}\""))
        };
        assert!(metrics.lines().any(|line| bucket(&line)), "{le} in {metrics}");
    }
    used.running.stop();
}

/// Of the labels only the route could be what a client invents.
#[test]
fn a_request_is_counted_by_the_surface_that_answers_it() {
    let used = Used::start();
    used.running.get("/link/verify-email?token=canary", None).expect(200);
    used.running.get("/api/auth/canary", None).expect(404);
    used.running.get("/readyz", None).expect(200);
    let metrics = used.metrics();
    let has = |parts: &[&str]| {
        metrics.lines().any(|line| {
            line.starts_with("vestibule_http_requests_total{")
                && parts.iter().all(|part| line.contains(part))
        })
    };
    for (surface, route) in [
        ("native", "/api/v1/users/current"),
        ("djoser", "/api/auth/users"),
        ("djoser", "unmatched"),
        ("native", "unmatched"),
        ("pages", "/link/verify-email"),
        ("none", "/readyz"),
    ] {
        let labels = [format!("surface=\"{surface}\""), format!("route=\"{route}\"")];
        assert!(has(&[&labels[0], &labels[1]]), "{labels:?} in {metrics}");
    }
    assert!(!metrics.contains("canary"), "{metrics}");
    used.running.stop();
}
