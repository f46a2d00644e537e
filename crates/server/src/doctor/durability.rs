//! Does the database keep what it acknowledged when the power fails?

use storage::Facts;

use super::finding::Finding;

const CHECK: &str = "durability";

pub(super) fn check(facts: &Facts) -> Finding {
    if facts.weaknesses.is_empty() {
        return Finding::ok(CHECK, "what is committed outlives a crash");
    }
    let list = |show: fn(&storage::Weakness) -> String| {
        facts.weaknesses.iter().map(show).collect::<Vec<_>>().join(", ")
    };
    let found = list(|weakness| format!("{} = {}", weakness.setting, weakness.value));
    let wanted = list(|weakness| format!("{} = {}", weakness.setting, weakness.wanted));
    Finding::problem(
        CHECK,
        format!("a crash of the database loses acknowledged changes: {found}"),
        format!("set in the database: {wanted}"),
    )
}
