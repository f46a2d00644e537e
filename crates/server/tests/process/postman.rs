//! The committed collection, run as a whole by Postman's own runner against a fresh server.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::Command;

use serde_json::Value;
use tempfile::TempDir;

use super::program::Program;

const COLLECTION: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../postman_collection.json");

/// Fetched by `cargo xtask test`, or named by whoever runs tests alone.
fn newman() -> PathBuf {
    let variable = "VESTIBULE_TEST_NEWMAN";
    let program = std::env::var_os(variable);
    program.map_or_else(|| panic!("{variable} is not set"), PathBuf::from)
}

fn read(path: impl Into<PathBuf>) -> Value {
    let text = std::fs::read_to_string(path.into()).expect("a file");
    serde_json::from_str(&text).expect("JSON")
}

fn list<'a>(value: &'a Value, name: &str) -> &'a [Value] {
    value[name].as_array().unwrap_or_else(|| panic!("{name} in {value}"))
}

/// How its requests are called, in their order.
fn requests(collection: &Value) -> Vec<String> {
    let folders = list(collection, "item").iter();
    folders.flat_map(|folder| list(folder, "item")).map(name).collect()
}

fn name(item: &Value) -> String {
    item["name"].as_str().expect("a name").to_owned()
}

#[test]
fn every_request_of_the_collection_is_answered_as_it_says() {
    // The limits of a default server hold.
    let running = Program::new().with("VESTIBULE_LIMITS__MODE", "enforce").start();
    let directory = TempDir::with_prefix("vestibule-newman-").expect("a directory");
    let report = directory.path().join("report.json");
    let mut run = Command::new(newman());
    run.args(["run", COLLECTION, "--color", "off", "--reporter-cli-no-banner"]);
    run.args(["--env-var", &format!("base_url=http://{}", running.address)]);
    // Nobody fetches links for it: what waits for one is refused, and never passes for a success.
    run.args(["--env-var", "strict=true", "--reporters", "cli,json"]);
    run.arg("--reporter-json-export").arg(&report);
    let output = run.output().expect("Newman runs");
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}");
    // Each once, in their order, and judged. What scripts send stands there beside its request.
    let report = read(report);
    let mut executed: BTreeMap<u64, (String, usize)> = BTreeMap::new();
    for done in list(&report["run"], "executions") {
        let place = done["cursor"]["position"].as_u64().expect("a place");
        let judged = done["assertions"].as_array().map_or(0, Vec::len);
        executed.entry(place).or_insert_with(|| (name(&done["item"]), 0)).1 += judged;
    }
    let (names, judged): (Vec<String>, Vec<usize>) = executed.into_values().unzip();
    assert_eq!(names, requests(&read(COLLECTION)));
    assert!(judged.iter().all(|judged| *judged > 0), "{judged:?}");
    running.stop();
}
