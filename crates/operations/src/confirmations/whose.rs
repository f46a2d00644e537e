//! Under what codes are kept.

use domain::confirmation::Purpose;
use domain::{Identifier, IdentifierKind, UserId};

use super::Address;
use crate::services::Services;

/// Whose codes they are.
#[derive(Clone, Copy)]
pub(crate) enum Whose<'a> {
    Account(UserId),
    /// Of the account, for this address alone: a later one does not replace it.
    AddressOf(UserId, &'a Address),
    /// Nobody has this name, which no answer may tell: the same is done for it as for an account.
    Nobody(&'a Identifier),
}

impl Whose<'_> {
    pub(super) fn user_id(self) -> Option<UserId> {
        match self {
            Self::Account(id) | Self::AddressOf(id, _) => Some(id),
            Self::Nobody(_) => None,
        }
    }
}

impl Services {
    /// A fingerprint: a dump does not tell for which name a code was asked.
    pub(super) fn confirmation_bucket(&self, purpose: Purpose, whose: Whose<'_>) -> Vec<u8> {
        let (kind, text, address) = match whose {
            Whose::Account(id) => ("account", id.to_string(), None),
            Whose::AddressOf(id, address) => ("address", id.to_string(), Some(address.key())),
            Whose::Nobody(identifier) => {
                let kind = match identifier.kind() {
                    IdentifierKind::Username => "username",
                    IdentifierKind::Email => "email",
                    IdentifierKind::Phone => "phone",
                };
                (kind, identifier.key().to_owned(), None)
            }
        };
        let parts = [Some(purpose.as_str()), Some(kind), Some(text.as_str()), address];
        self.vault.fingerprint("confirmation", &parts)
    }
}
