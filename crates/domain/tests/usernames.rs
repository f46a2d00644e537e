//! Usernames: visible, and never mistaken for an address or a number.

use domain::username::{Alphabet, UsernamePolicy};
use domain::{AccountPolicy, CharacterClass, Rule, Username};
use proptest::prelude::*;

fn native(text: &str) -> Result<Username, Rule> {
    Username::parse(text, &AccountPolicy::native().username)
}

#[test]
fn a_username_is_shown_as_written_and_unique_without_case() {
    let name = native("Ann.Smith").expect("a name");
    assert_eq!(name.as_str(), "Ann.Smith");
    assert_eq!(name.key(), native("aNN.sMITH").expect("a name").key());
    assert_eq!(native("jos\u{e9}").unwrap().key(), native("JOSE\u{301}").unwrap().key());
    assert_ne!(native("jose").unwrap().key(), native("josé").unwrap().key());
}

#[test]
fn reg_06_a_username_may_not_look_like_another_identifier() {
    assert_eq!(native("victim@x.io").err(), Some(Rule::LooksLikeEmail));
    assert_eq!(native("@victim").err(), Some(Rule::LooksLikeEmail));
    assert_eq!(native("15551234567").err(), Some(Rule::LooksLikePhone));
    assert_eq!(native("1555-123-4567").err(), Some(Rule::LooksLikePhone));
    assert!(native("123456").is_ok(), "too short to be a number");
}

#[test]
fn reg_07_what_cannot_be_seen_cannot_stand_in_a_username() {
    for text in [
        "ann smith",
        " ann",
        "ann ",
        "ann\t",
        "a\nnn",
        "ann\0",
        "ann\u{200b}",
        "ann\u{202e}",
        "ann\u{feff}",
        "ａｎｎ",
        "an\u{212b}\u{fb01}",
        "ann\u{e000}",
        "ann😀",
        "ann\u{2028}",
        "ann\u{fe0f}",
        "a\u{34f}nn",
        "ann\u{17b4}",
        "ann\u{180b}",
        "ann\u{e0100}",
        "\u{115f}\u{115f}\u{115f}",
        "ann/smith",
        "ann<b>",
        "ann\"",
        "ann\u{ad}x",
    ] {
        assert_eq!(native(text).err(), Some(Rule::ForbiddenCharacter), "{text:?}");
    }
}

#[test]
fn lengths_count_code_points() {
    assert_eq!(native("ан").err(), Some(Rule::TooShort { min: 3 }));
    assert!(native("аня").is_ok());
    assert!(native(&"я".repeat(50)).is_ok());
    assert_eq!(native(&"я".repeat(51)).err(), Some(Rule::TooLong { max: 50 }));
}

#[test]
fn a_surface_may_ask_for_classes_of_characters() {
    let policy = UsernamePolicy {
        min: 7,
        max: 30,
        alphabet: Alphabet::Printable,
        classes: &[CharacterClass::Lower, CharacterClass::Upper, CharacterClass::Digit],
    };
    assert!(Username::parse("Ann1smith", &policy).is_ok());
    assert_eq!(
        Username::parse("annsmith1", &policy).err(),
        Some(Rule::MissingClass(CharacterClass::Upper))
    );
}

#[test]
fn a_surface_may_let_single_blanks_stand_inside() {
    let policy = UsernamePolicy { min: 1, max: 255, alphabet: Alphabet::Phrases, classes: &[] };
    for name in ["a", "ann smith", "ann b smith", "é ✓ <b>/"] {
        assert!(Username::parse(name, &policy).is_ok(), "{name}");
    }
    for name in [" ", " ann", "ann ", "ann  smith", "ann\tsmith", "ann\u{a0}smith", "a\u{200b}b"] {
        assert_eq!(
            Username::parse(name, &policy).err(),
            Some(Rule::ForbiddenCharacter),
            "{name:?}"
        );
    }
}

proptest! {
    #[test]
    fn the_key_of_what_is_shown_is_the_key(text in ".{3,60}") {
        if let Ok(name) = native(&text) {
            prop_assert_eq!(Username::key_of(name.as_str()), name.key());
            prop_assert_eq!(Username::key_of(name.key()), name.key(), "folding twice changes nothing");
            prop_assert!(name.key().len() <= 1020, "fits its column");
        }
    }
}
