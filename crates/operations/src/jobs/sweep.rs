//! Forget what is over and make the next key when it is time, once an hour.

use std::time::Duration;

use domain::Timestamp;
use storage::{UniqueKey, idempotency_keys, jobs, known_devices, proof_attempts, sessions};

use super::job::{Job, promise};
use crate::context::Context;
use crate::error::{Error, Fault, Result};
use crate::services::Services;
use crate::sessions::KNOWN_FOR;
use crate::tokens::rotate_when_due;

const EVERY: Duration = Duration::from_hours(1);
/// How long a finished job can still be asked about.
const KEEP_JOBS: Duration = Duration::from_hours(7 * 24);
/// Sessions are kept a while after their end, to say why a token died.
const KEEP_SESSIONS: Duration = Duration::from_hours(24);
/// How long a client may ask again under the same idempotency key.
const KEEP_KEYS: Duration = Duration::from_hours(24);

/// Names that nobody has are remembered as long as it takes to try a hundred passwords.
const KEEP_ATTEMPTS: Duration = Duration::from_hours(30 * 24);

pub(super) async fn sweep(services: &Services, ctx: &Context) -> Result<()> {
    let swept: Result<()> = transact!(services, |tx| {
        sessions::delete_expired(tx, ctx.now - KEEP_SESSIONS).await?;
        known_devices::delete_unseen(tx, ctx.now - KNOWN_FOR).await?;
        idempotency_keys::delete_old(tx, ctx.now - KEEP_KEYS).await?;
        proof_attempts::delete_old(tx, ctx.now - KEEP_ATTEMPTS).await?;
        jobs::delete_finished(tx, ctx.now - KEEP_JOBS).await?;
    });
    swept?;
    if let Err(error) = services.limiter.sweep(ctx.now).await {
        tracing::warn!(%error, "limits that are over could not be forgotten");
    }
    rotate_when_due(services, ctx).await
}

/// Promises the next sweep unless some node did: one run per hour, whoever asks.
pub async fn schedule_sweep(services: &Services) -> Result<()> {
    let ctx = &services.system();
    let every = i64::try_from(EVERY.as_secs()).unwrap_or(i64::MAX);
    let at = Timestamp::from_seconds((ctx.now.as_seconds() / every + 1) * every);
    let promised: Result<()> = transact!(services, |tx| {
        promise(services, ctx, tx, Job::Sweep { at }, at).await?;
    });
    match promised {
        Err(Error::Fault(Fault::Storage(storage::Error::Conflict(UniqueKey::Job)))) => Ok(()),
        outcome => outcome,
    }
}
