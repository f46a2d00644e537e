//! What a surface asks of a new password.

use super::common::is_common;
use super::{Guess, Password, django};
use crate::characters::{CharacterClass, fold};
use crate::rule::Rule;

/// Letters below which a word says nothing: the name `Я` is no reason to refuse `8я4#107352`.
const SHORTEST_CORE: usize = 3;

/// Digits and signs around a word that are still guessed with it: a date and a little more. What
/// has more of them owes nothing to the word.
const DRESS: usize = 10;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PasswordPolicy {
    /// In code points.
    pub min: usize,
    /// In code points.
    pub max: usize,
    pub classes: &'static [CharacterClass],
    /// When set, nothing but ASCII letters, digits and these signs may stand in it.
    pub signs: Option<&'static str>,
    pub blocklist: Blocklist,
}

/// Which well-known passwords are refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Blocklist {
    None,
    /// The bundled list and words about the account and the service (PWD-06).
    CommonAndContext,
    /// What Django's default validators refuse, in their order.
    Django,
}

impl PasswordPolicy {
    /// Every rule that `password` breaks. `context` are words that anyone could guess about this
    /// account: its identifiers, its names, the service.
    pub fn broken_rules(&self, password: &Password, context: &[Guess<'_>]) -> Vec<Rule> {
        if password.is_oversized() {
            return vec![Rule::TooLong { max: self.max }];
        }
        let text = password.reveal();
        let mut broken = Vec::new();
        let length = text.chars().count();
        if length > self.max {
            broken.push(Rule::TooLong { max: self.max });
        }
        if self.blocklist == Blocklist::Django {
            if broken.is_empty() && !text.contains('\0') {
                return django::broken_rules(self, text, context);
            }
        } else if length < self.min {
            broken.push(Rule::TooShort { min: self.min });
        }
        if text.contains('\0') || self.signs.is_some_and(|signs| !is_made_of(text, signs)) {
            broken.push(Rule::ForbiddenCharacter);
        }
        broken.extend(
            self.classes.iter().filter(|class| !class.is_in(text)).copied().map(Rule::MissingClass),
        );
        if broken.is_empty() && self.blocklist == Blocklist::CommonAndContext {
            let folded = fold(text);
            if is_common(&folded) {
                broken.push(Rule::CommonPassword);
            } else if is_context_word(&folded, context) {
                broken.push(Rule::ContextWord);
            }
        }
        broken
    }
}

/// Whether the password is a context word, alone or dressed in digits and signs
/// (`vestibule2026!`).
fn is_context_word(folded: &str, context: &[Guess<'_>]) -> bool {
    context.iter().map(|guess| fold(guess.text)).any(|word| {
        // Of an address, what stands before the `@` is the guess.
        let local = word.split_once('@').map(|(local, _)| local);
        std::iter::once(word.as_str()).chain(local).any(|word| is_dressed(folded, word))
    })
}

/// Whether `folded` is `word` with other digits and signs around it.
fn is_dressed(folded: &str, word: &str) -> bool {
    if word.is_empty() {
        return false;
    }
    let (core, bare) = (undressed(word), undressed(folded));
    if core.is_empty() {
        // A phone number, however it is grouped.
        return bare.is_empty() && digits(folded).eq(digits(word)) && digits(word).next().is_some();
    }
    let dress = folded.chars().count() - bare.chars().count();
    folded == word || (bare == core && core.chars().count() >= SHORTEST_CORE && dress <= DRESS)
}

/// Without the digits and signs around it.
fn undressed(text: &str) -> &str {
    text.trim_matches(|character: char| !character.is_alphabetic())
}

fn digits(text: &str) -> impl Iterator<Item = char> {
    text.chars().filter(char::is_ascii_digit)
}

fn is_made_of(text: &str, signs: &str) -> bool {
    text.chars().all(|character| character.is_ascii_alphanumeric() || signs.contains(character))
}
