//! Django's four validators of new passwords, as its default settings have them (Django 5.0,
//! `django/contrib/auth/password_validation.py`): for a surface whose clients know their texts.

use super::guess::Guess;
use super::policy::PasswordPolicy;
use crate::rule::{Field, Rule};

/// Django's own list, lower-cased, sorted by bytes (`data/README.md`).
pub(super) const COMMON: &str = include_str!("../../data/django_common_passwords.txt");
const ATTRIBUTES: [Field; 4] = [Field::Username, Field::FirstName, Field::LastName, Field::Email];
const MAX_SIMILARITY: f64 = 0.7;

/// In the order of Django's settings; several may be broken at once.
pub(super) fn broken_rules(
    policy: &PasswordPolicy,
    text: &str,
    context: &[Guess<'_>],
) -> Vec<Rule> {
    let lower = text.to_lowercase();
    let similar = ATTRIBUTES.into_iter().find(|field| {
        context.iter().any(|guess| guess.field == Some(*field) && is_similar(&lower, guess.text))
    });
    let is_short = text.chars().count() < policy.min;
    let is_numeric = !text.is_empty() && text.chars().all(is_digit);
    [
        similar.map(Rule::TooSimilar),
        is_short.then_some(Rule::TooShort { min: policy.min }),
        super::common::stands_in(COMMON, lower.trim()).then_some(Rule::CommonPassword),
        is_numeric.then_some(Rule::OnlyDigits),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// `str.isdigit` of Python, near enough: decimal digits of any script and superscripts.
fn is_digit(character: char) -> bool {
    use unicode_general_category::{GeneralCategory, get_general_category};
    get_general_category(character) == GeneralCategory::DecimalNumber
        || matches!(character, '²' | '³' | '¹' | '⁰' | '⁴'..='⁹' | '₀'..='₉')
}

/// `password` is in lower case already.
fn is_similar(password: &str, value: &str) -> bool {
    let value = value.to_lowercase();
    let words = value.split(|character: char| !(character.is_alphanumeric() || character == '_'));
    words.filter(|word| !word.is_empty()).chain([value.as_str()]).any(|part| {
        !is_much_shorter(password, part) && quick_ratio(password, part) >= MAX_SIMILARITY
    })
}

/// Django's `exceeds_maximum_length_ratio`: such a part cannot be similar enough.
fn is_much_shorter(password: &str, part: &str) -> bool {
    let (password, part) = (length(password), length(part));
    password >= 10.0 * part && part < MAX_SIMILARITY / 2.0 * password
}

/// `SequenceMatcher.quick_ratio` of Python: characters in common, wherever they stand.
fn quick_ratio(one: &str, other: &str) -> f64 {
    let mut left: Vec<char> = other.chars().collect();
    let mut matches = 0.0;
    for character in one.chars() {
        if let Some(at) = left.iter().position(|candidate| *candidate == character) {
            left.swap_remove(at);
            matches += 1.0;
        }
    }
    let lengths = length(one) + length(other);
    if lengths == 0.0 { 1.0 } else { 2.0 * matches / lengths }
}

fn length(text: &str) -> f64 {
    // Passwords and names are bounded far below what a double cannot count.
    text.chars().fold(0.0, |count, _| count + 1.0)
}
