//! E-mail addresses: one key for every spelling of one address, none for what is no address.

use domain::{Email, Rule};
use proptest::prelude::*;

fn key(text: &str) -> String {
    Email::parse(text).unwrap_or_else(|rule| panic!("{text}: {rule:?}")).key().to_owned()
}

#[test]
fn reg_03_spellings_of_one_address_share_a_key() {
    for (one, other) in [
        ("a@x.io", "A@X.IO"),
        ("ann@bücher.example", "Ann@xn--bcher-kva.example"),
        // Composed and decomposed.
        ("jos\u{e9}@x.io", "jose\u{301}@x.io"),
        ("ΝΙΚΟΣ@x.io", "νικος@x.io"),
        ("ИВАН@пример.рф", "иван@ПРИМЕР.РФ"),
    ] {
        assert_eq!(key(one), key(other), "{one} {other}");
    }
}

#[test]
fn reg_04_look_alikes_are_different_addresses_or_none() {
    assert_ne!(key("mike@example.org"), key("mıke@example.org"));
    assert_ne!(key("jose@x.io"), key("josé@x.io"));
    // Folded by some libraries into plain letters: no address at all here.
    for text in ["mi\u{212a}e@x.io", "\u{17f}am@x.io", "ａnn@x.io", "o\u{fb03}ce@x.io"] {
        let kept = Email::parse(text).map(|email| email.key().to_owned());
        assert!(
            kept.is_err() || text.contains('\u{212a}') && kept.as_deref() == Ok("mike@x.io"),
            "{text} became {kept:?}"
        );
    }
}

#[test]
fn an_address_is_shown_as_written_with_its_domain_in_lower_case() {
    let email = Email::parse("Ann.Smith+Tag@Example.ORG").expect("an address");
    assert_eq!(email.as_str(), "Ann.Smith+Tag@example.org");
    assert_eq!(email.local_part(), "Ann.Smith+Tag");
    assert_eq!(email.domain(), "example.org");
}

#[test]
fn reg_07_what_is_no_address_is_refused() {
    for text in [
        "",
        "@",
        "a",
        "a@",
        "@x.io",
        "a@b@c.io",
        "a b@x.io",
        " a@x.io",
        "a@x.io ",
        "a@x.io.",
        "a@.io",
        "a@x..io",
        ".a@x.io",
        "a.@x.io",
        "a..b@x.io",
        "\"a b\"@x.io",
        "a@localhost",
        "a@127.0.0.1",
        "a@[127.0.0.1]",
        "a@x_y.io",
        "a@-x.io",
        "a@x.io\r\nBcc: b@x.io",
        "a\0@x.io",
        "a\u{200b}@x.io",
        "a\u{202e}@x.io",
        "a@x\u{200b}.io",
        "a@x.io\u{feff}",
        "a@x.io,b@x.io",
        "a;b@x.io",
        "<a@x.io>",
        "a(c)@x.io",
        "a\u{fe0f}@x.io",
        "a@x\u{fe0f}.io",
        "a@x.io?cc=b",
        "a@xn--\u{fc}.io",
        "a@😀.io",
        "😀@x.io",
        "a@x.123",
    ] {
        assert_eq!(Email::parse(text), Err(Rule::NotAnEmail), "{text:?}");
    }
}

#[test]
fn reg_07_an_address_has_at_most_254_bytes() {
    let long = |length: usize| format!("a@{}.io", "b.".repeat((length - 5) / 2));
    assert!(Email::parse(&format!("{}@x.io", "a".repeat(64))).is_ok());
    assert!(Email::parse(&format!("{}@x.io", "a".repeat(65))).is_err());
    assert_eq!(Email::parse(&long(1000)), Err(Rule::TooLong { max: 254 }));
}

proptest! {
    #[test]
    fn any_text_is_judged_and_what_is_shown_keeps_its_key(text in ".{0,300}") {
        if let Ok(email) = Email::parse(&text) {
            let again = Email::parse(email.as_str()).expect("what is shown is an address");
            prop_assert_eq!(again.key(), email.key());
            prop_assert_eq!(again.as_str(), email.as_str());
            prop_assert!(!email.key().chars().any(char::is_whitespace));
        }
    }

    #[test]
    fn plain_addresses_fold_by_case_alone(local in "[a-zA-Z0-9]{1,20}", host in "[a-z]{1,9}") {
        let upper = format!("{}@{}.ORG", local.to_uppercase(), host);
        let lower = format!("{}@{host}.org", local.to_lowercase());
        prop_assert_eq!(key(&upper), key(&lower));
    }
}
