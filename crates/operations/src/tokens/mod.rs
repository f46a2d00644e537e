//! Tokens: what proves a session, and the keys behind it.

mod access;
mod claims;
mod device;
mod jwks;
mod jwt;
mod key;
mod keyring;
mod keys;
mod legacy;
mod refresh;
mod refresh_jwt;
mod restoration;

pub use access::AccessToken;
pub(crate) use access::{mint_access, verify_access, verify_access_ignoring_expiry};
pub(crate) use claims::ClaimValues;
pub(crate) use device::{DeviceOf, DeviceStanding};
pub use jwks::jwks;
pub(crate) use jwt::{Description, Kind, describe as describe_jwt};
pub(crate) use keyring::Source as KeySource;
pub use keyring::{KeyRing, SharedSecret, TokenSettings};
pub(crate) use keyring::{Standing as SecretStanding, is_signing, newest};
pub use keys::{
    Begin, KeyInfo, KeyState, keep_keys, list_keys, reload_keys, retire_key, rotate_keys,
};
pub(crate) use keys::{due_at, learn_key, observe_keys, rotate_when_due};
pub(crate) use legacy::{LegacyAccount, LegacyToken, read_legacy};
pub(crate) use refresh::{PresentedRefresh, is_authentic, mint_refresh};
pub(crate) use refresh_jwt::{mint_refresh_jwt, verify_refresh_jwt};
pub(crate) use restoration::{digest_restoration, new_restoration};
