use std::fs;
use std::path::Path;

use walkdir::{DirEntry, WalkDir};

use super::name::Name;
use super::{Options, run};
use crate::environment;

const NAME: &str = "house_keys";

/// The tree as it stands, in a folder of its own.
fn copy_of_the_tree() -> tempfile::TempDir {
    let copy = tempfile::tempdir().expect("a folder");
    let is_source = |entry: &DirEntry| !(entry.depth() == 1 && is_left_behind(entry.path()));
    for entry in WalkDir::new(environment::root()).into_iter().filter_entry(is_source) {
        let entry = entry.expect("the tree");
        let below = entry.path().strip_prefix(environment::root()).expect("below the root");
        let to = copy.path().join(below);
        if entry.file_type().is_dir() {
            fs::create_dir_all(&to).expect("a folder");
        } else if entry.file_type().is_file() {
            fs::copy(entry.path(), &to).expect("a file");
        }
    }
    copy
}

fn is_left_behind(path: &Path) -> bool {
    ["target", ".git"].iter().any(|name| path.ends_with(name))
}

/// The only honest question of a skeleton is whether what comes of it works: the copy is built without
/// a warning, and what its pages say is what it answers, on every backend.
#[test]
fn what_it_makes_is_built_without_a_warning_and_answers_as_documented() {
    let copy = copy_of_the_tree();
    let options = Options { name: NAME.to_owned() };
    run(copy.path(), &options).expect("a skeleton");
    let again = run(copy.path(), &options).expect_err("there is one already").to_string();
    assert!(again.contains(&format!("there is crates/api/src/dialects/{NAME}")), "{again}");
    crate::check::run(copy.path()).expect("the rules of the tree");

    let cargo = |arguments: &[&str]| {
        let mut cargo = environment::cargo();
        let output = cargo
            .args(arguments)
            .current_dir(copy.path())
            // What others made is built already; our own crates are others, there.
            .env("CARGO_TARGET_DIR", environment::target_directory())
            .output()
            .expect("cargo");
        let text = [output.stdout, output.stderr].concat();
        let text = String::from_utf8_lossy(&text).into_owned();
        assert!(output.status.success(), "{arguments:?}: {text}");
        assert!(!text.contains("warning:"), "{arguments:?}: {text}");
        text
    };
    cargo(&["fmt", "--all", "--check"]);
    let said = cargo(&["test", "--workspace", "--test", "api", "--", NAME, "postman"]);
    for backend in ["sqlite", "postgres", "mysql"] {
        let line = format!("transcripts::{NAME}::{backend}::answers_as_documented ... ok");
        let is_asked = environment::variable("VESTIBULE_TEST_BACKENDS")
            .is_none_or(|asked| asked.split(',').any(|one| one == backend));
        assert_eq!(said.contains(&line), is_asked, "{backend}: {said}");
    }
}

#[test]
fn a_name_is_one_in_settings_in_paths_and_in_code() {
    let name = Name::parse("house_keys2").expect("a name");
    assert_eq!(name.fill("new_dialect::NewDialect"), "house_keys2::HouseKeys2");
    for bad in ["", "_", "House", "a__b", "a_", "2b", "a-b", "match", "native", "kind", "../a"] {
        Name::parse(bad).expect_err(bad);
    }
    Name::parse(&"a".repeat(33)).expect_err("too long for its column");
}
