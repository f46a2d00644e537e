//! Identifiers of things: `UUIDv7`, made by us so that no backend has to return one.

use std::fmt;

use uuid::{Builder, Uuid};

use crate::time::Timestamp;

macro_rules! uuid_ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub Uuid);

        impl $name {
            /// A `UUIDv7` (RFC 9562): sortable by the millisecond of `now`, then by chance.
            pub fn new(now: Timestamp, random: [u8; 10]) -> Self {
                let millis = u64::try_from(now.as_micros().div_euclid(1_000)).unwrap_or(0);
                Self(Builder::from_unix_timestamp_millis(millis, &random).into_uuid())
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(out)
            }
        }
    )+};
}

uuid_ids! {
    /// A person's account; the `sub` of tokens.
    UserId,
    /// One sign-in on one device; the `sid` of tokens.
    SessionId,
    /// One published fact; consumers drop repeats by it.
    EventId,
    /// One call of an administrator or the operator.
    CallId,
    /// One piece of background work.
    JobId,
    /// A signing key; the `kid` of tokens.
    KeyId,
    /// A service; the `client_id` with which it authenticates.
    ServiceAccountId,
}

impl SessionId {
    /// Made of what stands for the session: a `UUIDv8` (RFC 9562).
    pub fn of_digest(digest: [u8; 16]) -> Self {
        Self(Builder::from_custom_bytes(digest).into_uuid())
    }

    pub fn is_of_digest(self) -> bool {
        self.0.get_version_num() == 8
    }
}

/// Another service that sends commands: the `UUIDv5` of its name in the namespace of URLs (RFC 9562),
/// so that anybody can work out whose it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SourceId(pub Uuid);

impl SourceId {
    /// `sha1` is the digest of [`Self::hashed`].
    pub fn from_sha1(sha1: [u8; 20]) -> Self {
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&sha1[..16]);
        Self(Builder::from_sha1_bytes(bytes).into_uuid())
    }

    /// What is hashed of a source's name.
    pub fn hashed(name: &str) -> Vec<u8> {
        [Uuid::NAMESPACE_URL.as_bytes(), name.as_bytes()].concat()
    }
}
