//! Django's validators by examples that Django itself answered.

use super::django::COMMON;
use super::{Blocklist, Guess, Password, PasswordPolicy};
use crate::rule::{Field, Rule};

const DJANGO: PasswordPolicy =
    PasswordPolicy { min: 8, max: 128, classes: &[], signs: None, blocklist: Blocklist::Django };
const SHORT: Rule = Rule::TooShort { min: 8 };
const COMMON_ONE: Rule = Rule::CommonPassword;

fn broken(text: &str, context: &[Guess<'_>]) -> Vec<Rule> {
    DJANGO.broken_rules(&Password::new(text), context)
}

#[test]
fn several_are_said_at_once_in_djangos_order() {
    assert_eq!(broken("12345", &[]), [SHORT, COMMON_ONE, Rule::OnlyDigits]);
    assert_eq!(broken("12345678", &[]), [COMMON_ONE, Rule::OnlyDigits]);
    assert_eq!(broken("1029384756019283", &[]), [Rule::OnlyDigits]);
    assert_eq!(broken("²³¹²³¹²³¹", &[]), [Rule::OnlyDigits]);
    assert_eq!(broken("PassWord", &[]), [COMMON_ONE], "case does not count");
    assert_eq!(broken("abc", &[]), [SHORT, COMMON_ONE]);
    assert_eq!(broken("zq9vk3w", &[]), [SHORT]);
    assert_eq!(broken("zq9vk3wx", &[]), []);
    // Ours refuses it: the deployment's own name. Django knows nothing of it.
    assert_eq!(broken("vestibule2026", &["vestibule".into()]), []);
}

#[test]
fn length_is_bounded_before_anything_else() {
    assert_eq!(broken(&"q".repeat(128), &[]), []);
    assert_eq!(broken(&"q".repeat(129), &[]), [Rule::TooLong { max: 128 }]);
    assert_eq!(broken("zq9vk3w\0x", &[]), [Rule::ForbiddenCharacter]);
}

#[test]
fn likeness_is_by_characters_in_common() {
    let email = [Guess::of(Field::Email, "jonathan.smith@mail.com")];
    let like_email = [Rule::TooSimilar(Field::Email)];
    for similar in ["jonathan7x", "nahtanoj7x", "Jonathan.Smith", "jonathan.smith@mail.com"] {
        assert_eq!(broken(similar, &email), like_email, "{similar}");
    }
    assert_eq!(broken("horse-battery", &email), []);
    // 7 of 10 and 10 characters: exactly Django's bound; 6 are not.
    let username = [Guess::of(Field::Username, "abcdefghij")];
    assert_eq!(broken("abcdefgXYZ", &username), [Rule::TooSimilar(Field::Username)]);
    assert_eq!(broken("abcdefWXYZ", &username), []);
}

#[test]
fn the_first_attribute_is_named_and_a_phone_is_not_looked_at() {
    let context = [
        Guess::of(Field::Email, "jonathan@mail.com"),
        Guess::of(Field::Username, "jonathan"),
        Guess::of(Field::Phone, "+15550100000"),
    ];
    assert_eq!(broken("jonathan", &context)[0], Rule::TooSimilar(Field::Username));
    assert_eq!(broken("+15550100000", &context), []);
}

#[test]
fn a_much_shorter_part_is_no_likeness() {
    let username = [Guess::of(Field::Username, "a")];
    assert_eq!(broken("aaaaaaaaaaaaaaaaaaaa", &username), []);
    assert_eq!(broken("zq9vk3wx", &[Guess::of(Field::Username, "")]), []);
}

#[test]
fn the_list_is_djangos_in_the_form_that_is_searched() {
    let lines: Vec<&str> = COMMON.lines().collect();
    assert_eq!(lines.len(), 19_729);
    assert!(lines.is_sorted_by(|one, other| one < other), "sorted by bytes, no line twice");
    assert!(lines.iter().all(|line| *line == line.to_lowercase().trim() && !line.is_empty()));
    assert!(COMMON.ends_with('\n'));
}
