//! Pages of the operator's own.

use super::{given, given_production};

const PAGE: &str = "https://app.example.org/recover#{token}";
const RECOVER: &str = "VESTIBULE_LINKS__RECOVER";

#[test]
fn a_page_of_ones_own_has_one_place_for_the_token() {
    let settings = given().variable(RECOVER, PAGE).settings();
    assert_eq!(settings.links.recover.as_deref(), Some(PAGE));
    assert_eq!(settings.links.restore, None);
    for bad in [
        "https://app.example.org/recover",
        "https://app.example.org/{token}/{token}",
        "/recover?token={token}",
        "javascript:alert({token})",
        "https://app.example.org/a b?{token}",
    ] {
        let problems = given().variable(RECOVER, bad).problems().join("\n");
        assert!(problems.contains("links.recover: "), "{bad}: {problems}");
        assert!(problems.contains("once, such as"), "{bad}: {problems}");
    }
}

#[test]
fn rcv_11_in_production_a_page_is_reached_by_tls() {
    let plain = "http://app.example.org/recover?token={token}";
    let problems = given_production().variable(RECOVER, plain).problems().join("\n");
    assert!(problems.contains("links.recover: must begin with https://"), "{problems}");
    given_production().variable(RECOVER, PAGE).settings();
}
