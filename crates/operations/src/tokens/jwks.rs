//! The public keys with which anybody can verify access tokens (RFC 7517).

use jsonwebtoken::jwk::JwkSet;

use crate::services::Services;

/// Every asymmetric key that may have signed a token still alive, or will sign soon, oldest first.
pub fn jwks(services: &Services) -> JwkSet {
    let mut keys = services.keys.verifying_keys(services.clock.now());
    keys.sort_by_key(|key| key.id);
    JwkSet { keys: keys.iter().filter_map(|key| key.public.clone()).collect() }
}
