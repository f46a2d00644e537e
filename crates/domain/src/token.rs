//! Secrets handed to clients, and the claims of access tokens.

use std::fmt;

use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::ids::{SessionId, UserId};
use crate::policy::Surface;
use crate::time::Timestamp;

/// A token in the form its bearer sends it. Wiped when dropped, never printed.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct SecretToken(String);

impl SecretToken {
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// For the answer that hands it out, or the check that takes it in.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for SecretToken {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("SecretToken(…)")
    }
}

/// What an access token says (RFC 9068), independent of its encoding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccessClaims {
    pub user_id: UserId,
    pub session_id: SessionId,
    pub issued_at: Timestamp,
    pub expires_at: Timestamp,
    /// The account's at the time of minting.
    pub roles_version: i64,
    /// Whose own secret signed it: then it stands for sessions of that surface only.
    pub secret_of: Option<Surface>,
}

/// How access tokens are signed (RFC 7518, RFC 8037).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SigningAlgorithm {
    EdDsa,
    Es256,
    Rs256,
    Hs256,
}

impl SigningAlgorithm {
    pub const ALL: [Self; 4] = [Self::EdDsa, Self::Es256, Self::Rs256, Self::Hs256];

    /// The `alg` of RFC 7518 §3.1.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::EdDsa => "EdDSA",
            Self::Es256 => "ES256",
            Self::Rs256 => "RS256",
            Self::Hs256 => "HS256",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|algorithm| algorithm.as_str() == text)
    }

    /// Whether verifiers need a secret, so that nothing of it can be published.
    pub const fn is_symmetric(self) -> bool {
        matches!(self, Self::Hs256)
    }
}
