//! Under what the guesses at a password are counted.

use domain::{Identifier, IdentifierKind, UserId};

use crate::context::Context;
use crate::services::Services;
use crate::tokens::known_device;

/// Whose password is guessed.
#[derive(Clone, Copy)]
pub(crate) enum Whose<'a> {
    Account(UserId),
    /// Nobody has this name, which no answer may tell (LGN-09): it endures as much as an account.
    Nobody(&'a Identifier),
}

/// A row of the counters. Fingerprints: a dump does not tell who was tried.
pub(super) struct Bucket {
    pub(super) key: Vec<u8>,
    pub(super) user_id: Option<UserId>,
    /// The account's own, where this one is of a device that its owner is known to have.
    pub(super) account: Option<Vec<u8>>,
}

impl Services {
    /// None for a name that nobody can have: there is nothing to guess.
    pub(super) fn bucket(&self, ctx: &Context, whose: Whose<'_>) -> Option<Bucket> {
        let fingerprint = |kind: &str, parts: [Option<&str>; 2]| {
            let parts = [Some(kind), parts[0], parts[1]];
            self.vault.fingerprint("proof attempts", &parts)
        };
        match whose {
            Whose::Account(id) => {
                let text = id.to_string();
                let account = fingerprint("account", [Some(&text), None]);
                let device = ctx.client.device.as_ref();
                let device = device.and_then(|token| known_device(&self.vault, token, id));
                Some(match device {
                    Some(nonce) => Bucket {
                        key: fingerprint("device", [Some(&text), Some(&nonce)]),
                        user_id: Some(id),
                        account: Some(account),
                    },
                    None => Bucket { key: account, user_id: Some(id), account: None },
                })
            }
            Whose::Nobody(identifier) if identifier.key().is_empty() => None,
            Whose::Nobody(identifier) => {
                let kind = match identifier.kind() {
                    IdentifierKind::Username => "username",
                    IdentifierKind::Email => "email",
                    IdentifierKind::Phone => "phone",
                };
                let key = fingerprint("name", [Some(kind), Some(identifier.key())]);
                Some(Bucket { key, user_id: None, account: None })
            }
        }
    }
}
