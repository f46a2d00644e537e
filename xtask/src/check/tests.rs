//! The pure parts of the rules.

use super::arrows::failure;
use super::dialects::names_after;
use super::globs::glob_lines;
use super::migrations::{misnumbered, number};
use super::paths::{code_spans, path_in};
use super::reasons::without_reason;
use super::sizes::{is_test, limit, median};

#[test]
fn tests_are_told_by_their_path() {
    assert!(is_test("crates/storage/tests/contract/users.rs"));
    assert!(is_test("crates/domain/src/password/tests.rs"));
    assert!(!is_test("crates/testkit/src/lib.rs"));
    assert!(!is_test("xtask/src/test.rs"));
}

#[test]
fn the_readme_is_shorter_than_tests_and_sources() {
    assert_eq!(limit("README.md").0, 150);
    assert_eq!(limit("xtask/src/main.rs").0, 500);
    assert_eq!(limit("xtask/src/check/tests.rs").0, 700);
}

#[test]
fn the_median_is_the_middle_length() {
    assert_eq!(median(vec![]), 0);
    assert_eq!(median(vec![900, 1, 20]), 20);
}

#[test]
fn arrows_point_down() {
    assert_eq!(failure("api", "operations"), None);
    assert_eq!(failure("api", "serde"), None);
    assert_eq!(failure("testkit", "sqlx"), None);
    assert_eq!(failure("xtask", "transcript"), None);
    for (package, dependency) in [
        ("api", "storage"),
        ("storage", "operations"),
        ("server", "testkit"),
        ("server", "transcript"),
        ("xtask", "domain"),
        ("operations", "sqlx"),
        ("operations", "axum"),
        ("domain", "tokio"),
        ("newcomer", "serde"),
    ] {
        assert!(failure(package, dependency).is_some(), "{package} -> {dependency}");
    }
}

#[test]
fn another_dialect_is_found_alone_and_in_a_group() {
    let text = "use crate::dialects::djoser::wire;\nuse dialects::{one::{Two, three}, four};";
    assert_eq!(names_after(text, "dialects::"), ["djoser", "one", "Two", "three", "four"]);
}

#[test]
fn glob_re_exports_are_found_where_they_begin() {
    let text = "use a::*;\npub use b::c;\npub use d::*;\n    pub(crate) use e::{\n  f,\n  *,\n};\n\
                // pub use g::*;\npub use h::{i};\n/* * */\n";
    assert_eq!(glob_lines(text), [3, 4]);
}

#[test]
fn migrations_are_numbered_without_gap_or_twin() {
    assert_eq!(number("0012_users_2.sql"), Some(12));
    for bad in ["12_users.sql", "0012-users.sql", "0012_Users.sql", "0012_.sql", "+012_a.sql"] {
        assert_eq!(number(bad), None, "{bad}");
    }
    assert!(misnumbered(&["0001_a.sql", "0002_b.sql"]).is_empty());
    assert_eq!(misnumbered(&["0001_a.sql", "0003_b.sql", "0004_c.sql"]).len(), 1);
    assert_eq!(misnumbered(&["0001_a.sql", "0001_b.sql", "notes.txt"]).len(), 2);
}

#[test]
fn spans_are_read_outside_fences() {
    let text = "a `b/c` and `d`\n```sh\n`no/no`\n```\n`e.rs` `unclosed";
    assert_eq!(code_spans(text), [(1, "b/c"), (1, "d"), (5, "e.rs")]);
}

#[test]
fn paths_lose_placeholders_lines_and_anchors() {
    for (span, path) in [
        ("crates/domain/", Some("crates/domain")),
        ("crates/domain/src/lib.rs:12", Some("crates/domain/src/lib.rs")),
        ("docs/page.md#heading", Some("docs/page.md")),
        ("docs/dialects/<name>/README.md", Some("docs/dialects")),
        ("crates/storage/migrations/{sqlite,mysql}", Some("crates/storage/migrations")),
        ("Cargo.toml", Some("Cargo.toml")),
        ("/api/v1/users", None),
        ("cargo xtask test --package docs/x", None),
        ("UserRow", None),
    ] {
        assert_eq!(path_in(span), path, "{span}");
    }
}

#[test]
fn dependencies_without_a_reason_are_named() {
    let manifest = "[workspace]\nx = 1\n[workspace.dependencies]\n\
        # a heading = no entry\nours = { path = \"crates/ours\" }\n\
        good = \"1\" # why\nbad = \"1\"\nworse = { version = \"1#2\" }\nempty = \"1\" #\n\
        long = { version = \"1\", features = [\n  \"a\",\n] } # why\n\
        longbad = { version = \"1\", features = [\n  \"a\",\n] }\n\n[profile.dev]\ny = 1\n";
    assert_eq!(without_reason(manifest), ["bad", "worse", "empty", "longbad"]);
}
