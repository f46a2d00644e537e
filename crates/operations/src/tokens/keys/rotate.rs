//! Let another key take over, in order.

use domain::{Refusal, Timestamp};
use storage::signing_keys::{self, StoredKey};

use super::list::{KeyInfo, describe};
use super::{reload_keys, source};
use crate::context::Context;
use crate::error::Result;
use crate::services::Services;
use crate::tokens::keyring::{
    Purpose, ROUNDS, insert_unless_rivalled, is_from_settings, is_signing, new_key, newest,
};

/// When the next key signs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Begin {
    /// When everybody who verifies has had time to learn it.
    WhenKnown,
    Now,
}

/// The next key: the one that waits already, or a new one. What the one so far signed stays good.
pub async fn rotate_keys(services: &Services, ctx: &Context, begin: Begin) -> Result<KeyInfo> {
    let settings = &services.keys.settings;
    if is_from_settings(settings) {
        return Err(Refusal::KeyFromSettings.into());
    }
    for _ in 0..ROUNDS {
        let stored = signing_keys::list(&mut services.store.read().await?).await?;
        let waiting = newest(&stored).filter(|key| is_waiting(services, key, ctx.now));
        match (waiting, begin) {
            (Some(next), Begin::WhenKnown) => return Ok(describe(services, &stored, next)),
            (Some(next), Begin::Now) => {
                let begun: Result<()> = transact!(services, |tx| {
                    signing_keys::begin_by(tx, next.id, ctx.now).await?;
                });
                begun?;
                return tell(services, ctx, next).await;
            }
            (None, Begin::WhenKnown | Begin::Now) => {}
        }
        let active_from = match begin {
            Begin::WhenKnown => ctx.now + settings.key_published_ahead,
            Begin::Now => ctx.now,
        };
        let key = new_key(&source(services), &stored, Purpose::Access, active_from)?;
        let inserted: Result<()> = transact!(services, |tx| {
            signing_keys::insert(tx, &key).await?;
        });
        if insert_unless_rivalled(inserted)? {
            return tell(services, ctx, &key).await;
        }
    }
    Err(storage::Error::Stale.into())
}

fn is_waiting(services: &Services, key: &StoredKey, now: Timestamp) -> bool {
    is_signing(key, &services.keys.settings) && now < key.active_from
}

async fn tell(services: &Services, ctx: &Context, key: &StoredKey) -> Result<KeyInfo> {
    tracing::info!(key = %key.id, by = ctx.actor.as_str(), "the next signing key");
    reload_keys(services).await?;
    let stored = signing_keys::list(&mut services.store.read().await?).await?;
    let found = stored.iter().find(|other| other.id == key.id);
    Ok(describe(services, &stored, found.unwrap_or(key)))
}
