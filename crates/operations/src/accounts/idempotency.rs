//! A registration asked for twice is done once (REG-11; the IETF draft `Idempotency-Key`).

use domain::{Field, Refusal, Rule, User, UserId};
use storage::{Tx, idempotency_keys, users};

use crate::context::Context;
use crate::error::Result;
use crate::services::Services;

/// In bytes.
const LONGEST: usize = 255;
const DIGEST: &str = "idempotency key";
const FINGERPRINT: &str = "idempotent request";

/// A key chosen by the client, and what it asked for under it.
pub(super) struct Idempotency {
    digest: Vec<u8>,
    fingerprint: Vec<u8>,
}

impl Idempotency {
    /// `parts` are what makes the request: another request under the same key is refused. Keyed,
    /// because a password is among them.
    pub(super) fn new(
        services: &Services,
        ctx: &Context,
        key: &str,
        parts: &[Option<&str>],
    ) -> Result<Self, Refusal> {
        let is_plain = key.bytes().all(|byte| byte.is_ascii_graphic());
        if key.is_empty() || key.len() > LONGEST || !is_plain {
            return Err(Refusal::invalid(Field::IdempotencyKey, Rule::ForbiddenCharacter));
        }
        let scoped = [Some(ctx.policy.surface.as_str()), Some(key)];
        Ok(Self {
            digest: services.vault.fingerprint(DIGEST, &scoped),
            fingerprint: services.vault.fingerprint(FINGERPRINT, parts),
        })
    }

    /// Whether this very request was answered already, whatever came of it.
    pub(super) async fn is_answered(&self, services: &Services) -> Result<bool> {
        let mut read = services.store.read().await?;
        let Some(answered) = idempotency_keys::find(&mut read, &self.digest).await? else {
            return Ok(false);
        };
        if answered.fingerprint != self.fingerprint {
            return Err(Refusal::IdempotencyMismatch.into());
        }
        Ok(true)
    }

    /// The account made under this key, if there is one.
    pub(super) async fn find(&self, services: &Services) -> Result<Option<User>> {
        let mut read = services.store.read().await?;
        let Some(answered) = idempotency_keys::find(&mut read, &self.digest).await? else {
            return Ok(None);
        };
        if answered.fingerprint != self.fingerprint {
            return Err(Refusal::IdempotencyMismatch.into());
        }
        Ok(users::find(&mut read, answered.user_id).await?)
    }

    /// First in its transaction: a rival under the same key then waits here.
    pub(super) async fn claim(&self, ctx: &Context, tx: &mut Tx, user_id: UserId) -> Result<()> {
        let (digest, fingerprint) = (&self.digest, &self.fingerprint);
        Ok(idempotency_keys::insert(tx, digest, fingerprint, user_id, ctx.now).await?)
    }
}
