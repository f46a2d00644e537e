//! What a person signs in with.

use crate::email::Email;
use crate::phone::Phone;
use crate::username::Username;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum IdentifierKind {
    Username,
    Email,
    Phone,
}

/// The key of an account in the form its unique column holds.
///
/// No text belongs to two kinds: a username may not look like an address or a number.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Identifier {
    kind: IdentifierKind,
    key: String,
}

impl Identifier {
    /// Decides the kind by the look of `text`. Never fails: what nobody could have registered
    /// finds nobody, and takes as long to do so.
    pub fn recognise(text: &str) -> Self {
        if let Ok(email) = Email::parse(text) {
            return Self { kind: IdentifierKind::Email, key: email.key().to_owned() };
        }
        if let Ok(phone) = Phone::parse(text) {
            return Self { kind: IdentifierKind::Phone, key: phone.as_str().to_owned() };
        }
        Self::username(text)
    }

    /// Reads `text` as one kind only, for surfaces whose field names it.
    pub fn of_kind(kind: IdentifierKind, text: &str) -> Self {
        let recognised = Self::recognise(text);
        if recognised.kind == kind { recognised } else { Self { kind, key: String::new() } }
    }

    pub fn kind(&self) -> IdentifierKind {
        self.kind
    }

    /// Empty when no account can have it.
    pub fn key(&self) -> &str {
        &self.key
    }

    fn username(text: &str) -> Self {
        /// In bytes; no username is longer. PostgreSQL cannot even be asked for a NUL.
        const LONGEST: usize = 1024;
        let is_possible = text.len() <= LONGEST && !text.contains('\0');
        let key = if is_possible { Username::key_of(text) } else { String::new() };
        Self { kind: IdentifierKind::Username, key }
    }
}
