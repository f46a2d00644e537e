//! Tokens: what proves a session, and the keys behind it.

mod access;
mod jwks;
mod key;
mod keyring;
mod refresh;
mod restoration;

pub use access::AccessToken;
pub(crate) use access::{mint_access, verify_access, verify_access_ignoring_expiry};
pub use jwks::jwks;
pub(crate) use keyring::is_signing;
pub use keyring::{KeyRing, TokenSettings};
pub(crate) use refresh::{PresentedRefresh, is_authentic, mint_refresh};
pub(crate) use restoration::{digest_restoration, new_restoration};
