//! Whose commands are listened to, and what each may ask for.

use std::collections::BTreeMap;
use std::fmt;

use aws_lc_rs::digest::{SHA1_FOR_LEGACY_USE_ONLY, digest};
use aws_lc_rs::hmac;
use domain::{Actor, Permission, RoleName, SourceId};

use super::command::CommandKind;

/// Another service that may send commands.
#[derive(Clone, Debug)]
pub struct Source {
    /// The attribute `source` of its commands.
    pub name: String,
    pub commands: Vec<CommandKind>,
    /// What it may grant; `admin` only when it is among them.
    pub roles: Vec<RoleName>,
    /// Whether it may reach administrators, and whoever may more than its commands come to.
    pub manages_administrators: bool,
    /// More than one while a key is being replaced.
    pub keys: Vec<SourceKey>,
}

/// A secret that we share with a source; prints as nothing.
#[derive(Clone)]
pub struct SourceKey(hmac::Key);

/// By name.
#[derive(Clone, Debug, Default)]
pub struct Sources(BTreeMap<String, Source>);

/// A key is shorter than that.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LeastKeyBytes(pub usize);

const LEAST_KEY_BYTES: usize = 32;

impl SourceKey {
    pub fn new(secret: &[u8]) -> Result<Self, LeastKeyBytes> {
        if secret.len() < LEAST_KEY_BYTES {
            return Err(LeastKeyBytes(LEAST_KEY_BYTES));
        }
        Ok(Self(hmac::Key::new(hmac::HMAC_SHA256, secret)))
    }

    /// Compared in constant time.
    pub(super) fn is_signature_of(&self, value: &[u8], signature: &[u8]) -> bool {
        hmac::verify(&self.0, value, signature).is_ok()
    }
}

impl fmt::Debug for SourceKey {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("SourceKey(..)")
    }
}

impl Source {
    pub(super) fn actor(&self) -> Actor {
        let mut sha1 = [0; 20];
        // Not for security: `UUIDv5` is made so.
        sha1.copy_from_slice(
            digest(&SHA1_FOR_LEGACY_USE_ONLY, &SourceId::hashed(&self.name)).as_ref(),
        );
        Actor::Source(SourceId::from_sha1(sha1))
    }

    /// Whether one of its commands needs this of people.
    pub(crate) fn may(&self, permission: Permission) -> bool {
        self.commands.iter().any(|command| command.permission() == permission)
    }
}

impl Sources {
    pub fn new(sources: impl IntoIterator<Item = Source>) -> Self {
        Self(sources.into_iter().map(|source| (source.name.clone(), source)).collect())
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    pub(super) fn get(&self, name: &str) -> Option<&Source> {
        self.0.get(name)
    }
}
