//! Free text: names, locales, reasons.

use crate::characters::{is_printable, nfc};
use crate::rule::Rule;

/// In code points.
const MAX_NAME: usize = 150;
/// RFC 5646 §4.4.1 asks for room for 35 characters.
const MAX_LOCALE: usize = 35;

/// A first or last name: anything printable, without outer blanks.
pub fn parse_name(text: &str) -> Result<String, Rule> {
    let name = nfc(text.trim());
    if name.chars().count() > MAX_NAME {
        return Err(Rule::TooLong { max: MAX_NAME });
    }
    if name.chars().all(is_printable) { Ok(name) } else { Err(Rule::ForbiddenCharacter) }
}

/// In code points.
const MAX_REASON: usize = 500;

/// Why somebody was blocked, for administrators: lines of printable text.
pub fn parse_reason(text: &str) -> Result<String, Rule> {
    let reason = nfc(text.trim());
    if reason.chars().count() > MAX_REASON {
        return Err(Rule::TooLong { max: MAX_REASON });
    }
    if is_free_text(&reason) { Ok(reason) } else { Err(Rule::ForbiddenCharacter) }
}

/// Printable characters and the ends of lines.
pub(crate) fn is_free_text(text: &str) -> bool {
    text.chars().all(|character| is_printable(character) || matches!(character, '\n' | '\r' | '\t'))
}

/// A language tag by the syntax of BCP 47, such as `en` or `pt-BR`.
pub fn parse_locale(text: &str) -> Result<String, Rule> {
    let is_subtag = |subtag: &str| {
        (1..=8).contains(&subtag.len()) && subtag.bytes().all(|byte| byte.is_ascii_alphanumeric())
    };
    let language = text.split('-').next().unwrap_or("");
    let is_language = (2..=8).contains(&language.len())
        && language.bytes().all(|byte| byte.is_ascii_alphabetic());
    if text.len() <= MAX_LOCALE && is_language && text.split('-').all(is_subtag) {
        Ok(text.to_owned())
    } else {
        Err(Rule::NotALocale)
    }
}
