//! The file of the services whose commands are done.

use server::config::print;

use super::{Given, KEY, given};

const OTHER_KEY: &str = "mZ8hVb0tQ2cX4yR6nK1sJ7dL9wF3gA5eUiOpTqYxCvM=";

fn with(sources: &str) -> Given {
    given()
        .variable("VESTIBULE_KAFKA__BROKERS", "127.0.0.1:9092")
        .variable("VESTIBULE_KAFKA__COMMANDS_TOPIC", "commands")
        .variable("VESTIBULE_KAFKA__SOURCES_FILE", "sources.toml")
        .file("sources.toml", sources)
}

#[test]
fn sources_have_names_keys_and_what_they_may() {
    let text = format!(
        "[sources.billing]\ncommands = [\"user.block\", \"user.grant-role\"]\nroles = [\"vip\"]\n\
         keys = [\"{KEY}\", \"{OTHER_KEY}\"]\n\
         [sources.\"https://crm.example.org\"]\ncommands = [\"user.profile.update\"]\n\
         administrators = true\nkey_file = \"crm.key\"\n"
    );
    let given = with(&text).file("crm.key", &format!("{KEY}\n{OTHER_KEY}\n"));
    let settings = given.settings();
    let names: Vec<&str> = settings.kafka.commands.sources.names().collect();
    assert_eq!(names, ["billing", "https://crm.example.org"]);
    for shown in [print(&settings), format!("{settings:?}")] {
        assert!(!shown.contains(KEY) && !shown.contains(OTHER_KEY), "CFG-05: {shown}");
    }
}

#[test]
fn every_problem_is_named_and_no_key_shown() {
    let text = format!(
        "level = 1\n\
         [sources.a]\ncommands = [\"user.promote\"]\nkeys = [\"{KEY}\", \"{KEY}\", \"{KEY}\"]\n\
         [sources.b]\ncommands = [\"user.block\"]\nkeys = [\"c2hvcnQ=\"]\nroles = [\"A B\"]\n\
         [sources.c]\ncommands = []\nkeys = [\"changeme\"]\n\
         [sources.d]\ncommands = [\"user.block\"]\nkey_file = \"absent\"\nadministrators = \"yes\"\n\
         [sources.e]\ncommands = [\"user.block\"]\nkey = \"{KEY}\"\n\
         [sources.f]\ncommands = [\"user.block\"]\nkeys = \"{KEY}\"\n\
         [sources.\"g g\"]\ncommands = [\"user.block\"]\nkeys = [\"{KEY}\"]\nkey_file = \"k\"\n"
    );
    let problems = with(&text).problems();
    let makes = "; make one with: openssl rand -base64 32";
    let all = "user.block, user.unblock, user.delete, user.grant-role, user.profile.update";
    for expected in [
        "level: unknown setting: write sections such as [sources.billing] (sources.toml:1)"
            .to_owned(),
        format!("sources.a.commands: \"user.promote\" is none of {all} (sources.toml:3)"),
        "sources.a.keys: must be one key, or 2 while one is being replaced (sources.toml:4)"
            .to_owned(),
        format!("sources.b.keys: has 5 bytes, 32 are the least{makes} (sources.toml:7)"),
        "sources.b.roles: \"A B\" is no name of a role (sources.toml:8)".to_owned(),
        "sources.c.commands: must name what it may ask for (sources.toml:9)".to_owned(),
        format!("sources.c.keys: is a well-known sample value{makes} (sources.toml:11)"),
        format!("sources.e.keys: must be set, or key_file{makes} (sources.toml:16)"),
        "sources.e.key: unknown setting (sources.toml:18)".to_owned(),
        "sources.f.keys: must be a list of texts (sources.toml:21)".to_owned(),
        "sources.g g: the name is not 1 to 64 visible ASCII characters (sources.toml:22)"
            .to_owned(),
        "sources.g g.key_file: keys are set as well: keep one (sources.toml:25)".to_owned(),
    ] {
        assert!(problems.contains(&expected), "{expected}\n{problems:#?}");
    }
    for place in ["sources.d.key_file", "sources.d.administrators"] {
        assert!(problems.iter().any(|problem| problem.starts_with(place)), "{problems:#?}");
    }
    assert_eq!(problems.len(), 14, "{problems:#?}");
    assert!(!problems.concat().contains(KEY), "CFG-05");
}

#[test]
fn commands_need_brokers_and_sources_and_a_topic_of_their_own() {
    let topic = |given: Given| given.variable("VESTIBULE_KAFKA__COMMANDS_TOPIC", "commands");
    let problems = topic(given()).problems();
    let names = |key: &str, problems: &[String]| problems.iter().any(|one| one.starts_with(key));
    assert!(names("kafka.brokers: must be set", &problems), "{problems:?}");
    assert!(names("kafka.sources_file: must be set", &problems), "{problems:?}");
    let problems = with("").problems();
    assert!(names("kafka.sources_file: ", &problems), "{problems:?}");
    assert!(problems[0].contains("names no source"), "{problems:?}");
    let absent = with("").variable("VESTIBULE_KAFKA__SOURCES_FILE", "absent").problems();
    assert!(absent[0].contains("cannot be read"), "{absent:?}");
    let broken = with("[sources.a\n").problems();
    assert!(broken.iter().any(|problem| problem.contains("not TOML")), "{broken:?}");
    let same = with("").variable("VESTIBULE_KAFKA__COMMANDS_DEAD_LETTER_TOPIC", "commands");
    assert!(names("kafka.commands_dead_letter_topic: must not be", &same.problems()));
}
