//! Prefixes and fragments, in the forms in which identifiers are kept.

use domain::{Fragment, Prefix, Rule};

#[test]
fn a_prefix_is_read_as_each_kind_of_identifier() {
    let prefix = Prefix::parse(" ÄNN@Büch ").expect("a prefix");
    assert_eq!((prefix.username(), prefix.email()), ("änn@büch", "änn@büch"));
    assert_eq!(prefix.phone(), None);
    let whole = Prefix::parse("Ann@Bücher.Example").expect("a prefix");
    assert_eq!(whole.email(), "ann@xn--bcher-kva.example");
    for (text, number) in [("+49 (30) 12", "+493012"), ("4930", "+4930"), ("0", "+0")] {
        assert_eq!(Prefix::parse(text).expect(text).phone(), Some(number));
    }
    for text in ["+", "a1", "++1", "٢"] {
        assert_eq!(Prefix::parse(text).expect(text).phone(), None, "{text}");
    }
}

#[test]
fn a_fragment_is_found_whatever_the_case_and_punctuation() {
    let fragment = Fragment::parse("STRASSE").expect("a fragment");
    assert!(fragment.is_in("Bergstraße") && fragment.is_in_key("bergstrasse.1"));
    assert!(!fragment.is_in("Stras"));
    let number = Fragment::parse("30-12 34").expect("a fragment");
    assert!(number.is_in_phone("+49301234"));
    assert!(!number.is_in_phone("+4930123"));
    assert!(!Fragment::parse("ann").expect("a fragment").is_in_phone("+49301234"));
}

#[test]
fn what_cannot_be_looked_for_is_refused() {
    assert_eq!(Prefix::parse("  "), Err(Rule::Required));
    assert_eq!(Fragment::parse(" ab "), Err(Rule::TooShort { min: 3 }));
    for text in ["a\0b", "abc\u{202e}", "a\nbc", "abc\u{10ffff}"] {
        assert_eq!(Prefix::parse(text), Err(Rule::ForbiddenCharacter), "{text:?}");
        assert_eq!(Fragment::parse(text), Err(Rule::ForbiddenCharacter), "{text:?}");
    }
    assert_eq!(Prefix::parse(&"x".repeat(256)), Err(Rule::TooLong { max: 255 }));
    assert!(Prefix::parse(&"x".repeat(255)).is_ok());
}
