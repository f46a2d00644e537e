//! Phone numbers in E.164 form.

use crate::rule::Rule;

const MIN_DIGITS: usize = 7;
const MAX_DIGITS: usize = 15;
/// Longer input cannot become a number; the bound keeps the check cheap.
const MAX_BYTES: usize = 64;

/// `+` and 7–15 digits. Checked as possible, never as assigned: numbering plans change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Phone(String);

impl Phone {
    /// Accepts the usual punctuation and a missing `+`.
    pub fn parse(text: &str) -> Result<Self, Rule> {
        if text.len() > MAX_BYTES {
            return Err(Rule::NotAPhone);
        }
        let digits = text.strip_prefix('+').unwrap_or(text);
        let mut number = String::with_capacity(MAX_DIGITS + 1);
        number.push('+');
        for character in digits.chars() {
            match character {
                '0'..='9' => number.push(character),
                ' ' | '(' | ')' | '-' | '.' => {}
                _ => return Err(Rule::NotAPhone),
            }
        }
        let length = number.len() - 1;
        let starts_with_country = !number.starts_with("+0");
        if starts_with_country && (MIN_DIGITS..=MAX_DIGITS).contains(&length) {
            Ok(Self(number))
        } else {
            Err(Rule::NotAPhone)
        }
    }

    /// The E.164 form, which is also the form in which it is unique.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
