//! The next key when the time of the one so far comes to its end. A job asks, once an hour.

use domain::Timestamp;
use storage::signing_keys::{self, StoredKey};

use super::rotate::{Begin, rotate_keys};
use crate::context::Context;
use crate::error::Result;
use crate::services::Services;
use crate::tokens::TokenSettings;
use crate::tokens::keyring::{is_from_settings, is_signing, newest};

/// Publishes the next key so early that it signs when the lifetime of the one so far is over. Of
/// several instances that ask at once, one makes it.
pub(crate) async fn rotate_when_due(services: &Services, ctx: &Context) -> Result<()> {
    let stored = signing_keys::list(&mut services.store.read().await?).await?;
    // Made under other settings: this instance is about to be replaced, and decides nothing.
    let settings = &services.keys.settings;
    let newest = newest(&stored).filter(|key| is_signing(key, settings));
    let due_at = newest.and_then(|key| due_at(key, settings));
    if due_at.is_some_and(|due_at| due_at <= ctx.now) {
        rotate_keys(services, ctx, Begin::WhenKnown).await?;
    }
    Ok(())
}

/// When the key after the newest is to be made; never, where the settings hold the key.
pub(crate) fn due_at(newest: &StoredKey, settings: &TokenSettings) -> Option<Timestamp> {
    let ahead = settings.key_lifetime.saturating_sub(settings.key_published_ahead);
    (!is_from_settings(settings)).then_some(newest.active_from + ahead)
}
