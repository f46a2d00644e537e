//! The keys of this deployment: loaded at start, made when there are none, read again while we run.

mod held;
mod make;
mod ring;
mod shared;
mod stored;

pub(crate) use make::{Purpose, insert_unless_rivalled, new_key};
pub use ring::KeyRing;
pub(crate) use ring::Source;
pub use shared::SharedSecret;
pub(crate) use shared::{Standing, secret_of};
pub(crate) use stored::{
    accepted_until, can_sign, is_from_settings, is_replaced, is_signing, newest, signing_at,
};

use std::time::Duration;

use domain::Surface;
use domain::token::SigningAlgorithm;

pub(crate) const ACCESS: &str = "access_token";
pub(crate) const REFRESH: &str = "refresh_token";
/// How often to look again when another instance makes the same key at the same moment.
pub(crate) const ROUNDS: usize = 3;

#[derive(Clone)]
pub struct TokenSettings {
    pub algorithm: SigningAlgorithm,
    /// The `iss` of access tokens.
    pub issuer: String,
    /// The `aud` of access tokens.
    pub audience: String,
    /// For HS256 only: the secret other services verify with. At least 256 bits.
    pub hs256_secret: Option<Vec<u8>>,
    /// Of the dialects that sign under a secret of their own.
    pub shared: Vec<SharedSecret>,
    /// How long a key signs before the next takes over.
    pub key_lifetime: Duration,
    /// How long the next is published before it signs, so that everybody knows it by then.
    pub key_published_ahead: Duration,
}

impl TokenSettings {
    /// The secret of the surface, where it has one of its own.
    pub(crate) fn secret_of(&self, surface: Surface) -> Option<&SharedSecret> {
        self.shared.iter().find(|shared| shared.surface == surface)
    }
}
