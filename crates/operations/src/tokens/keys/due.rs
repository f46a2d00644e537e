//! The next key when the time of the one so far comes to its end. A job asks, once an hour.

use domain::Timestamp;
use storage::signing_keys::{self, StoredKey};

use super::rotate::{Begin, rotate_keys};
use crate::context::Context;
use crate::error::Result;
use crate::services::Services;
use crate::tokens::keyring::{is_from_settings, is_signing, newest};

/// Publishes the next key so early that it signs when the lifetime of the one so far is over. Of
/// several instances that ask at once, one makes it.
pub(crate) async fn rotate_when_due(services: &Services, ctx: &Context) -> Result<()> {
    if is_from_settings(&services.keys.settings) {
        return Ok(());
    }
    let stored = signing_keys::list(&mut services.store.read().await?).await?;
    // Made under other settings: this instance is about to be replaced, and decides nothing.
    let newest = newest(&stored).filter(|key| is_signing(key, &services.keys.settings));
    if newest.is_some_and(|key| is_due(services, key, ctx.now)) {
        rotate_keys(services, ctx, Begin::WhenKnown).await?;
    }
    Ok(())
}

fn is_due(services: &Services, newest: &StoredKey, now: Timestamp) -> bool {
    let settings = &services.keys.settings;
    let ahead = settings.key_lifetime.saturating_sub(settings.key_published_ahead);
    newest.active_from + ahead <= now
}
