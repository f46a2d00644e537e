//! Where something is sent to.

use domain::{Email, Identifier, IdentifierKind, User};

use crate::services::Services;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Address {
    /// As it is shown, and its key.
    Email(String, String),
    /// In E.164 form.
    Phone(String),
}

impl Address {
    pub(crate) fn email(shown: &str) -> Option<Self> {
        let email = Email::parse(shown).ok()?;
        Some(Self::Email(email.as_str().to_owned(), email.key().to_owned()))
    }

    pub(crate) fn email_of(user: &User) -> Option<Self> {
        Self::email(user.email.as_deref()?)
    }

    pub(crate) fn phone_of(user: &User) -> Option<Self> {
        user.phone.clone().map(Self::Phone)
    }

    pub(crate) fn shown(&self) -> &str {
        match self {
            Self::Email(shown, _) => shown,
            Self::Phone(number) => number,
        }
    }

    pub(crate) fn identifier(&self) -> Identifier {
        match self {
            Self::Email(shown, _) => Identifier::of_kind(IdentifierKind::Email, shown),
            Self::Phone(number) => Identifier::of_kind(IdentifierKind::Phone, number),
        }
    }

    /// Whether both lead to one mailbox or phone, however they are written.
    pub(crate) fn is(&self, other: &Self) -> bool {
        (self.kind(), self.key()) == (other.kind(), other.key())
    }

    pub(super) fn key(&self) -> &str {
        match self {
            Self::Email(_, key) => key,
            Self::Phone(number) => number,
        }
    }

    /// The name of the account's field.
    pub(crate) const fn kind(&self) -> &'static str {
        match self {
            Self::Email(..) => "email",
            Self::Phone(_) => "phone",
        }
    }
}

impl Services {
    /// What binds a code to the address that it was sent to (REG-17).
    pub(crate) fn address_fingerprint(&self, address: &Address) -> Vec<u8> {
        let parts = [Some(address.kind()), Some(address.key())];
        self.vault.fingerprint("confirmation address", &parts)
    }
}
