//! Rules that the tool accepts, and alerts that fire when they should and not before.

use super::prometheus::promtool;
use super::{CONFIGURATION, RULES, TESTS, read};

/// Name and text of each alert.
fn alerts(rules: &str) -> Vec<(&str, &str)> {
    let parts = rules.split("- alert: ").skip(1);
    parts.map(|part| part.split_once('\n').expect("more than a name")).collect()
}

#[test]
fn the_rules_and_the_configuration_are_accepted() {
    promtool(&["check", "rules"], RULES);
    promtool(&["check", "config"], CONFIGURATION);
}

#[test]
fn the_rules_do_what_their_tests_say() {
    promtool(&["test", "rules"], TESTS);
}

#[test]
fn each_alert_is_tried_in_trouble_and_without() {
    let (rules, tests) = (read(RULES), read(TESTS));
    let alerts = alerts(&rules);
    assert!(alerts.len() > 20, "{}", alerts.len());
    for (name, _) in alerts {
        let asked: Vec<&str> =
            tests.lines().filter(|line| line.contains(&format!("alertname=\"{name}\""))).collect();
        let says = |text: &str| asked.iter().any(|line| line.contains(text));
        assert!(says("exp_samples: []"), "{name} is not tried without trouble");
        assert!(says("value: 1}"), "{name} is not tried in trouble");
    }
}

/// Who is woken is told what it means, and what to type.
#[test]
fn each_alert_says_how_bad_it_is_and_what_to_do() {
    let (rules, reference) = (read(RULES), read("docs/reference/cli.md"));
    for (name, text) in alerts(&rules) {
        for part in ["summary: ", "description: ", "expr: "] {
            assert!(text.contains(part), "{name} has no {part}");
        }
        let severities = ["severity: critical}", "severity: warning}"];
        assert!(severities.iter().any(|severity| text.contains(severity)), "{name}");
        let commands = text.split('`').skip(1).step_by(2).map(|span| span.split_whitespace());
        for command in
            commands.filter_map(|mut words| (words.next()? == "vestibule").then_some(words))
        {
            let is_word =
                |word: &&str| word.chars().all(|char| char.is_ascii_lowercase() || char == '-');
            let words: Vec<&str> =
                command.take_while(|word| is_word(word) && !word.starts_with('-')).collect();
            let heading = format!("## `vestibule {}`\n", words.join(" "));
            assert!(words.is_empty() || reference.contains(&heading), "{name}: no {heading}");
        }
    }
}
