//! What administrators look accounts up by.

use crate::characters::{fold, is_printable};
use crate::email::Email;
use crate::rule::Rule;
use crate::username::Username;

/// In code points; no identifier is longer.
const MAX: usize = 255;
/// In code points: less is in half of all accounts.
const MIN_FRAGMENT: usize = 3;

/// What an identifier begins with, in the form in which each kind is unique.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prefix {
    username: String,
    email: String,
    phone: Option<String>,
}

/// What stands somewhere in an identifier or a name, however it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fragment {
    folded: String,
    digits: Option<String>,
}

impl Prefix {
    pub fn parse(text: &str) -> Result<Self, Rule> {
        let text = readable(text)?;
        // A whole address may be spelt in a way in which its beginning is not recognised.
        let email = Email::parse(text).map_or_else(|_| fold(text), |email| email.key().to_owned());
        let phone = digits(text).map(|digits| format!("+{digits}"));
        Ok(Self { username: Username::key_of(text), email, phone })
    }

    pub fn username(&self) -> &str {
        &self.username
    }

    pub fn email(&self) -> &str {
        &self.email
    }

    /// None where no number begins so.
    pub fn phone(&self) -> Option<&str> {
        self.phone.as_deref()
    }
}

impl Fragment {
    pub fn parse(text: &str) -> Result<Self, Rule> {
        let text = readable(text)?;
        if text.chars().count() < MIN_FRAGMENT {
            return Err(Rule::TooShort { min: MIN_FRAGMENT });
        }
        let digits = digits(text).filter(|digits| digits.len() >= MIN_FRAGMENT);
        Ok(Self { folded: fold(text), digits })
    }

    /// Whether it stands in `text`, whatever the case.
    pub fn is_in(&self, text: &str) -> bool {
        fold(text).contains(&self.folded)
    }

    /// Whether it stands in the key of an identifier, which is folded already.
    pub fn is_in_key(&self, key: &str) -> bool {
        key.contains(&self.folded)
    }

    /// Whether it stands in a phone number, punctuation aside.
    pub fn is_in_phone(&self, phone: &str) -> bool {
        self.digits.as_ref().is_some_and(|digits| phone.contains(digits))
    }
}

fn readable(text: &str) -> Result<&str, Rule> {
    let text = text.trim();
    if text.is_empty() {
        Err(Rule::Required)
    } else if text.chars().count() > MAX {
        Err(Rule::TooLong { max: MAX })
    } else if text.chars().all(is_printable) {
        Ok(text)
    } else {
        Err(Rule::ForbiddenCharacter)
    }
}

/// The digits of what can be a part of a phone number.
fn digits(text: &str) -> Option<String> {
    let text = text.strip_prefix('+').unwrap_or(text);
    let is_number = |character: char| {
        character.is_ascii_digit() || matches!(character, ' ' | '(' | ')' | '-' | '.')
    };
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    (text.chars().all(is_number) && !digits.is_empty()).then_some(digits)
}
