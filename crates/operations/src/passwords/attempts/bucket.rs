//! Under what the guesses at a password are counted.

use domain::attempts::Attempts;
use domain::{Identifier, IdentifierKind, UserId};
use storage::{Read, proof_attempts};

use crate::error::Result;
use crate::services::Services;

/// Whose password is guessed.
#[derive(Clone, Copy)]
pub(crate) enum Whose<'a> {
    Account(UserId),
    /// By somebody on a device that its owner is known to have. All of them together have one more
    /// line: whoever once knew the password may have collected many.
    KnownDevice(UserId),
    /// Nobody has this name, which no answer may tell (LGN-09): it endures as much as an account.
    Nobody(&'a Identifier),
}

/// A row of the counters. Fingerprints: a dump does not tell who was tried.
pub(super) struct Bucket {
    pub(super) key: Vec<u8>,
    pub(super) user_id: Option<UserId>,
    /// Of the same account: that of its known devices, or of strangers.
    pub(super) other: Option<Vec<u8>>,
    /// That of the known devices.
    pub(super) is_known: bool,
}

impl Services {
    /// What is remembered, for whoever only looks.
    pub(crate) async fn attempts_at(&self, read: &mut Read, whose: Whose<'_>) -> Result<Attempts> {
        let Some(bucket) = self.bucket(whose) else { return Ok(Attempts::default()) };
        Ok(proof_attempts::find(read, &bucket.key).await?.unwrap_or_default())
    }

    /// None for a name that nobody can have: there is nothing to guess.
    pub(super) fn bucket(&self, whose: Whose<'_>) -> Option<Bucket> {
        let fingerprint = |kind: &str, parts: [Option<&str>; 2]| {
            let parts = [Some(kind), parts[0], parts[1]];
            self.vault.fingerprint("proof attempts", &parts)
        };
        let of_account = |id: UserId, is_known| {
            let (own, other) =
                if is_known { ("devices", "account") } else { ("account", "devices") };
            let text = id.to_string();
            let key = fingerprint(own, [Some(&text), None]);
            let other = Some(fingerprint(other, [Some(&text), None]));
            Some(Bucket { key, user_id: Some(id), other, is_known })
        };
        match whose {
            Whose::Account(id) => of_account(id, false),
            Whose::KnownDevice(id) => of_account(id, true),
            Whose::Nobody(identifier) if identifier.key().is_empty() => None,
            Whose::Nobody(identifier) => {
                let kind = match identifier.kind() {
                    IdentifierKind::Username => "username",
                    IdentifierKind::Email => "email",
                    IdentifierKind::Phone => "phone",
                };
                let key = fingerprint("name", [Some(kind), Some(identifier.key())]);
                Some(Bucket { key, user_id: None, other: None, is_known: false })
            }
        }
    }
}
