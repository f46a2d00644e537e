//! A token may name a key that another instance made a moment ago.

use domain::token::SecretToken;

use super::source;
use crate::error::Result;
use crate::services::Services;
use crate::tokens::jwt::key_named;

/// To be asked before a JWT is verified. Costs nothing while the key is known; forged ids cost one
/// look a second.
pub(crate) async fn learn_key(services: &Services, token: &SecretToken) -> Result<()> {
    match key_named(token) {
        Some(id) if !services.keys.knows(id) => services.keys.look_for(id, &source(services)).await,
        Some(_) | None => Ok(()),
    }
}
