//! The key of one account: what is sealed under it ends with it, in every copy.

use domain::{EventId, UserId};
use storage::{Tx, user_keys};
use zeroize::Zeroizing;

use super::values::{ChangedValue, Values};
use crate::context::Context;
use crate::error::{Fault, Result};
use crate::services::Services;
use crate::vault::{SealedApart, Vault};

const SEAL: &str = "user key";

pub(crate) struct UserKey(SealedApart);

/// Made on first use. The account's row is locked by the caller.
pub(crate) async fn key_of(
    services: &Services,
    ctx: &Context,
    tx: &mut Tx,
    user_id: UserId,
) -> Result<UserKey> {
    if let Some(sealed) = user_keys::find(tx, user_id).await? {
        return UserKey::open(&services.vault, &sealed);
    }
    let key = Zeroizing::new(services.entropy.bytes::<32>());
    user_keys::insert(tx, user_id, &services.vault.seal(SEAL, &*key)?, ctx.now).await?;
    Ok(UserKey(services.vault.under(&*key)?))
}

impl UserKey {
    pub(crate) fn open(vault: &Vault, sealed: &[u8]) -> Result<Self> {
        let key = Zeroizing::new(vault.open(SEAL, sealed)?);
        Ok(Self(vault.under(&key)?))
    }

    /// For one event: what is sealed for it opens for no other.
    pub(crate) fn seal(&self, event: EventId, values: &Values) -> Result<Vec<u8>> {
        let plain = Zeroizing::new(values.to_json().map_err(Fault::Encoding)?.into_bytes());
        self.0.seal(&event.to_string(), &plain)
    }

    pub(crate) fn open_values(&self, event: EventId, sealed: &[u8]) -> Result<Vec<ChangedValue>> {
        let plain = Zeroizing::new(self.0.open(&event.to_string(), sealed)?);
        Ok(ChangedValue::from_json(&plain).map_err(Fault::Encoding)?)
    }
}
