//! E-mail addresses (RFC 5321 without quoted local parts, RFC 6531 letters, IDNA domains).

use crate::characters::{fold, is_word, nfc};
use crate::rule::Rule;

/// RFC 5321 §4.5.3.1.3, in bytes.
const MAX_BYTES: usize = 254;
/// RFC 5321 §4.5.3.1.1, in bytes.
const MAX_LOCAL_BYTES: usize = 64;
const ATEXT: &str = "!#$%&'*+-/=?^_`{|}~";

/// An address as written, its domain lower-cased, and the key under which it is unique.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Email {
    shown: String,
    key: String,
}

impl Email {
    pub fn parse(text: &str) -> Result<Self, Rule> {
        let text = nfc(text);
        if text.len() > MAX_BYTES {
            return Err(Rule::TooLong { max: MAX_BYTES });
        }
        let (local, domain) = text.split_once('@').ok_or(Rule::NotAnEmail)?;
        if !is_local_part(local) {
            return Err(Rule::NotAnEmail);
        }
        let ascii = ascii_domain(domain).ok_or(Rule::NotAnEmail)?;
        let key = format!("{}@{ascii}", fold(local));
        if key.len() > MAX_BYTES {
            return Err(Rule::TooLong { max: MAX_BYTES });
        }
        Ok(Self { shown: format!("{local}@{}", domain.to_lowercase()), key })
    }

    /// As its owner wrote it, the domain in lower case.
    pub fn as_str(&self) -> &str {
        &self.shown
    }

    /// Case-folded local part and ASCII domain: equal for every spelling of one address.
    pub fn key(&self) -> &str {
        &self.key
    }

    pub fn local_part(&self) -> &str {
        self.shown.split_once('@').map_or("", |(local, _)| local)
    }

    pub fn domain(&self) -> &str {
        self.shown.split_once('@').map_or("", |(_, domain)| domain)
    }
}

fn is_local_part(local: &str) -> bool {
    let may_stand =
        |character: char| character == '.' || is_word(character) || ATEXT.contains(character);
    !local.is_empty()
        && local.len() <= MAX_LOCAL_BYTES
        && local.chars().all(may_stand)
        && !local.starts_with('.')
        && !local.ends_with('.')
        && !local.contains("..")
}

/// The domain in ASCII when it is a fully spelt name of at least two labels.
fn ascii_domain(domain: &str) -> Option<String> {
    let may_stand = |character: char| character == '.' || character == '-' || is_word(character);
    if !domain.chars().all(may_stand) {
        return None;
    }
    let ascii = idna::domain_to_ascii_strict(domain).ok()?;
    let last = ascii.rsplit_once('.').map(|(_, last)| last)?;
    let is_named = !last.is_empty() && !last.bytes().all(|byte| byte.is_ascii_digit());
    is_named.then_some(ascii)
}
