//! Limits that nobody set, and what becomes of them when somebody does.

use domain::limit::Quotas;
use operations::limits::Limit;
use server::config::print;

use super::{Given, given};

const STRICT: &str = "5/h burst 3, 20/day";

fn quotas(given: &Given, limit: Limit) -> Option<Quotas> {
    given.settings().limits.settings.rules.get(limit).copied()
}

fn parsed(text: &str) -> Quotas {
    text.parse().unwrap()
}

#[test]
fn a_preset_is_for_what_nobody_set() {
    assert_eq!(quotas(&given(), Limit::Read), None);
    let seed = || given().variable("VESTIBULE_LIMITS__PRESET", "seed004");
    assert_eq!(quotas(&seed(), Limit::Read), Some(parsed("60/min")));
    assert_eq!(quotas(&seed(), Limit::Register), Some(parsed("20/min")));
    let shown = print(&seed().settings());
    assert!(shown.contains("read = \"60/min\""), "{shown}");
    for (set, expected) in [("5/s", Some(parsed("5/s"))), ("", None)] {
        let set = seed().variable("VESTIBULE_LIMITS__READ", set);
        assert_eq!(quotas(&set, Limit::Read), expected);
    }
    assert!(given().variable("VESTIBULE_LIMITS__PRESET", "seed005").load().is_err());
}

#[test]
fn reg_18_registrations_on_hardened_surfaces_are_few_unless_their_number_is_set() {
    assert_eq!(quotas(&given(), Limit::RegisterHardened), Some(parsed(STRICT)));
    let register = || given().variable("VESTIBULE_LIMITS__REGISTER", "20/min");
    // Also when it is set to what it was.
    assert_eq!(quotas(&register(), Limit::RegisterHardened), None);
    let both = register().variable("VESTIBULE_LIMITS__REGISTER_HARDENED", STRICT);
    assert_eq!(quotas(&both, Limit::RegisterHardened), Some(parsed(STRICT)));
}

#[test]
fn reg_18_registrations_of_all_together_are_limited_and_fewer_where_it_is_strict() {
    assert_eq!(quotas(&given(), Limit::RegisterAll), Some(parsed("6000/min")));
    assert_eq!(quotas(&given(), Limit::RegisterAllHardened), Some(parsed("6000/h")));
    let all = given().variable("VESTIBULE_LIMITS__REGISTER_ALL", "5/s");
    assert_eq!(quotas(&all, Limit::RegisterAll), Some(parsed("5/s")));
    assert_eq!(quotas(&all, Limit::RegisterAllHardened), None);
    // How many come from one address is another matter.
    assert_eq!(quotas(&all, Limit::RegisterHardened), Some(parsed(STRICT)));
}
