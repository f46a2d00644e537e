//! Usernames: how people without an address are known.

use crate::characters::{CharacterClass, fold, is_printable, is_word, nfc};
use crate::phone::Phone;
use crate::rule::Rule;

/// Folding can make a text longer; this is what the unique column holds.
const MAX_KEY_BYTES: usize = 1020;

/// A name and the key under which it is unique.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Username {
    shown: String,
    key: String,
}

/// What a surface asks of a username beyond the rules that hold everywhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UsernamePolicy {
    /// In code points.
    pub min: usize,
    /// In code points.
    pub max: usize,
    pub alphabet: Alphabet,
    pub classes: &'static [CharacterClass],
}

/// The characters that a surface lets stand in a username.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Alphabet {
    /// Letters and digits of any script, and `.`, `_`, `-`.
    Words,
    /// `[A-Za-z0-9_-]`.
    AsciiWords,
    /// Anything printable without blanks.
    Printable,
    /// Anything printable, single blanks between it.
    Phrases,
}

impl Username {
    /// Checks the rules of `policy` and those that hold everywhere: nothing that looks like an
    /// e-mail address or a phone number (REG-06), nothing invisible (REG-07).
    pub fn parse(text: &str, policy: &UsernamePolicy) -> Result<Self, Rule> {
        let shown = nfc(text);
        let length = shown.chars().count();
        if length < policy.min {
            return Err(Rule::TooShort { min: policy.min });
        }
        if length > policy.max {
            return Err(Rule::TooLong { max: policy.max });
        }
        if shown.contains('@') {
            return Err(Rule::LooksLikeEmail);
        }
        if Phone::parse(&shown).is_ok() {
            return Err(Rule::LooksLikePhone);
        }
        let is_phrase = !shown.starts_with(' ') && !shown.ends_with(' ') && !shown.contains("  ");
        if !is_phrase || !shown.chars().all(|character| policy.alphabet.contains(character)) {
            return Err(Rule::ForbiddenCharacter);
        }
        if let Some(class) = policy.classes.iter().find(|class| !class.is_in(&shown)) {
            return Err(Rule::MissingClass(*class));
        }
        let key = fold(&shown);
        if key.len() > MAX_KEY_BYTES {
            return Err(Rule::TooLong { max: policy.max });
        }
        Ok(Self { shown, key })
    }

    /// The key that `text` would have: for look-ups, where no rule of registration applies.
    pub fn key_of(text: &str) -> String {
        fold(&nfc(text))
    }

    pub fn as_str(&self) -> &str {
        &self.shown
    }

    /// Case-folded: equal for every spelling of one name.
    pub fn key(&self) -> &str {
        &self.key
    }
}

impl Alphabet {
    fn contains(self, character: char) -> bool {
        match self {
            Self::Words => is_word(character) || matches!(character, '.' | '_' | '-'),
            Self::AsciiWords => character.is_ascii_alphanumeric() || matches!(character, '_' | '-'),
            Self::Printable => is_printable(character) && !character.is_whitespace(),
            Self::Phrases => character == ' ' || Self::Printable.contains(character),
        }
    }
}
