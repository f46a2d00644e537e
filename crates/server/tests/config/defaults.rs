//! `config.default.toml`, what is printed and the reference page speak of the same settings.

use std::collections::BTreeSet;

use server::config::{print, reference, variable_of};

use super::{Given, KEY, given};

const DEFAULTS: &str = include_str!("../../../../config.default.toml");
const EXAMPLE: &str = include_str!("../../../../.env.example");
const COMPOSE: &str = include_str!("../../../../compose.yaml");

fn keys(toml: &str) -> BTreeSet<String> {
    let mut keys = BTreeSet::new();
    collect(&mut keys, "", &toml.parse().unwrap());
    keys
}

fn collect(keys: &mut BTreeSet<String>, above: &str, table: &toml::Table) {
    for (name, value) in table {
        let key = format!("{above}{name}");
        match value.as_table() {
            Some(section) => collect(keys, &format!("{key}."), section),
            None => {
                keys.insert(key);
            }
        }
    }
}

/// A default that no section reads is an unknown setting and fails every start; a setting that is
/// read but not in the file is only found here.
#[test]
fn the_default_file_holds_exactly_the_settings_that_are_read() {
    let printed = print(&given().settings());
    assert_eq!(keys(DEFAULTS), keys(&printed));
    assert!(keys(DEFAULTS).len() > 50);
}

#[test]
fn what_is_printed_is_a_file_that_means_the_same() {
    let printed = print(&given().settings());
    let again = given().file("vestibule.toml", &printed).settings();
    let values = |text: &str| -> Vec<String> {
        text.lines().map(|line| line.split(" # from ").next().unwrap().to_owned()).collect()
    };
    assert_eq!(values(&print(&again)), values(&printed));
    for line in printed.lines().filter(|line| line.contains(" = ")) {
        assert!(line.contains(" # from "), "{line}");
    }
}

#[test]
fn every_default_is_explained() {
    let mut is_explained = false;
    for line in DEFAULTS.lines() {
        if !line.starts_with('#') && !line.is_empty() {
            assert!(is_explained, "no comment above: {line}");
        }
        is_explained = line.starts_with('#');
    }
}

#[test]
fn the_reference_describes_every_setting() {
    let reference = reference();
    for key in keys(DEFAULTS) {
        let heading = format!("\n### `{key}`\n\n");
        let (_, rest) = reference.split_once(&heading).unwrap_or_else(|| panic!("no {key}"));
        let about = rest.split("\n##").next().unwrap();
        assert!(about.contains(&format!("`{}`", variable_of(&key))), "{about}");
        assert!(about.contains("- Form: ") && about.contains("\n- Default: "), "{about}");
        let explanation = about.split("\n- Form").next().unwrap();
        assert!(explanation.len() > 10, "{key}: {explanation}");
    }
    assert!(reference.contains("VESTIBULE_SECURITY__MASTER_KEY_FILE"));
    assert!(!reference.contains("VESTIBULE_HTTP__LISTEN_FILE"));
    assert!(reference.contains("- Default: `\"127.0.0.1:8000\"`"));
}

/// With what compose.yaml sets beside it.
fn example() -> Given {
    given().file(".env", EXAMPLE).variable("VESTIBULE_SECURITY__ALLOW_PLAIN_CONNECTIONS", "true")
}

fn filled_in() -> Given {
    example()
        .variable("VESTIBULE_SECURITY__MASTER_KEY", KEY)
        .variable("VESTIBULE_ADMIN__PASSWORD", "a lantern on the hill")
}

/// Whoever copies it is told what is still missing, and nothing else is wrong.
#[test]
fn the_example_lacks_only_the_secrets() {
    let problems = example().problems();
    assert_eq!(problems.len(), 2, "{problems:?}");
    assert!(problems[0].starts_with("security.master_key: must be set"), "{problems:?}");
    assert!(problems[1].starts_with("admin.password: must be set"), "{problems:?}");
    assert!(filled_in().problems().is_empty(), "{:?}", filled_in().problems());
}

/// What is only proposed there is good as well.
#[test]
fn every_line_of_the_example_can_be_meant() {
    for line in EXAMPLE.lines().filter_map(|line| line.strip_prefix("# ")) {
        let Some((name, value)) = line.split_once('=') else { continue };
        if !name.starts_with("VESTIBULE_") {
            continue;
        }
        let value = value.split("  ").next().unwrap_or_default().trim_matches('\'');
        // Where one sets how mails go, one sets through whom.
        let mut given =
            filled_in().variable("VESTIBULE_MAIL__SMTP_URL", "smtps://mail.example.org");
        // Where one asks for TLS, one has servers that speak it.
        if name == "VESTIBULE_SECURITY__ALLOW_PLAIN_CONNECTIONS" {
            given = given.variable("VESTIBULE_DATABASE__URL", "sqlite:./data/vestibule.db");
        }
        let problems = given.variable(name, value).problems();
        assert!(problems.is_empty(), "{line}: {problems:?}");
    }
}

/// Nothing in compose.yaml waits for a variable of which nobody hears.
#[test]
fn the_example_explains_what_the_containers_ask_for() {
    let asked = COMPOSE.split("${").skip(1).filter_map(|rest| rest.split([':', '-', '}']).next());
    let own = ["VESTIBULE_REDIS__URL", "VESTIBULE_HTTP__TRUSTED_PROXIES"];
    let unknown: BTreeSet<&str> = asked
        .filter(|name| !name.ends_with("_PORT") && !own.contains(name))
        .filter(|name| !EXAMPLE.contains(&format!("{name}=")))
        .collect();
    assert!(unknown.is_empty(), "{unknown:?}");
}
