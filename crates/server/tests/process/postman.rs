//! The committed collection, run as a whole by Postman's own runner against a fresh server.

use std::path::PathBuf;
use std::process::Command;

use super::program::Program;

const COLLECTION: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../postman_collection.json");

/// Fetched by `cargo xtask test`, or named by whoever runs tests alone.
fn newman() -> PathBuf {
    let variable = "VESTIBULE_TEST_NEWMAN";
    let program = std::env::var_os(variable);
    program.map_or_else(|| panic!("{variable} is not set"), PathBuf::from)
}

#[test]
fn every_request_of_the_collection_is_answered_as_it_says() {
    // The limits of a default server hold.
    let running = Program::new().with("VESTIBULE_LIMITS__MODE", "enforce").start();
    let mut run = Command::new(newman());
    run.args(["run", COLLECTION, "--color", "off", "--reporter-cli-no-banner", "--env-var"]);
    run.arg(format!("base_url=http://{}", running.address));
    let output = run.output().expect("Newman runs");
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}");
    assert!(said.contains("executed"), "{said}");
    running.stop();
}
