//! Give a key up at once: somebody else may have it.

use domain::{KeyId, Refusal};
use storage::signing_keys::{self, StoredKey};

use super::list::{KeyInfo, describe};
use super::{reload_keys, source};
use crate::context::Context;
use crate::error::Result;
use crate::services::Services;
use crate::tokens::keyring::{
    Purpose, REFRESH, ROUNDS, can_sign, insert_unless_rivalled, is_from_settings, is_replaced,
    new_key, secret_of,
};

/// Who signs in the place of the retired key.
enum Heir {
    /// One that signs already.
    None,
    /// The one that waits, at once.
    Waiting(KeyId),
    New(StoredKey),
}

/// From now on nothing that the key signed is accepted, on every instance within a minute. When it
/// signed, another does.
pub async fn retire_key(services: &Services, ctx: &Context, id: KeyId) -> Result<KeyInfo> {
    for _ in 0..ROUNDS {
        let stored = signing_keys::list(&mut services.store.read().await?).await?;
        let key = stored.iter().find(|key| key.id == id).ok_or(Refusal::KeyNotFound)?;
        if key.retired_at.is_some() {
            return Ok(describe(services, &stored, key));
        }
        let heir = heir(services, ctx, &stored, key)?;
        let retired: Result<()> = transact!(services, |tx| {
            signing_keys::retire(tx, id, ctx.now).await?;
            match &heir {
                Heir::None => {}
                Heir::Waiting(next) => signing_keys::begin_by(tx, *next, ctx.now).await?,
                Heir::New(next) => signing_keys::insert(tx, next).await?,
            }
        });
        if insert_unless_rivalled(retired)? {
            tracing::warn!(key = %id, by = ctx.actor.as_str(), "a key was retired");
            reload_keys(services).await?;
            let stored = signing_keys::list(&mut services.store.read().await?).await?;
            let key = stored.iter().find(|key| key.id == id).ok_or(Refusal::KeyNotFound)?;
            return Ok(describe(services, &stored, key));
        }
    }
    Err(storage::Error::Stale.into())
}

fn heir(
    services: &Services,
    ctx: &Context,
    stored: &[StoredKey],
    retired: &StoredKey,
) -> Result<Heir> {
    let settings = &services.keys.settings;
    if let Some(surface) = secret_of(&retired.purpose) {
        // Under another `kid`, the same secret would go on signing.
        let signing = settings.secret_of(surface).and_then(|shared| shared.signing(stored));
        let is_signing = signing.is_some_and(|signing| signing.id == retired.id);
        return if is_signing { Err(Refusal::KeyFromSettings.into()) } else { Ok(Heir::None) };
    }
    let without: Vec<StoredKey> = stored
        .iter()
        .cloned()
        .map(|key| if key.id == retired.id { retire(key, ctx) } else { key })
        .collect();
    if retired.purpose == REFRESH {
        let others = without.iter().any(|key| key.purpose == REFRESH && key.retired_at.is_none());
        return if others {
            Ok(Heir::None)
        } else {
            Ok(Heir::New(new_key(&source(services), stored, Purpose::Refresh, ctx.now)?))
        };
    }
    // One that was replaced does not come back: what it signs would not live its time.
    let mut able = without.iter().filter(|key| {
        can_sign(&without, key, settings, ctx.now) && !is_replaced(&without, key, ctx.now)
    });
    if able.clone().any(|key| key.active_from <= ctx.now) {
        return Ok(Heir::None);
    }
    if let Some(waiting) = able.next() {
        return Ok(Heir::Waiting(waiting.id));
    }
    if is_from_settings(settings) {
        return Err(Refusal::KeyFromSettings.into());
    }
    Ok(Heir::New(new_key(&source(services), stored, Purpose::Access, ctx.now)?))
}

fn retire(key: StoredKey, ctx: &Context) -> StoredKey {
    StoredKey { retired_at: Some(ctx.now), ..key }
}
