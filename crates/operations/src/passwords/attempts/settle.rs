//! How a guess ends.
//!
//! Its slot counts as settled before the transaction that says so is committed: of a client that
//! leaves meanwhile nobody knows whether the row heard of it, and a slot given back twice is one too
//! many. One that is not given back expires.

use std::sync::atomic::{AtomicBool, Ordering};

use domain::attempts::{Attempts, Failed, Purpose, SUSPICIOUS};
use domain::{Event, SessionId, Timestamp, User, UserId};
use storage::{Tx, UniqueKey, proof_attempts, users};

use super::bucket::{Bucket, Whose};
use super::slot::{Attempt, TakenSlot};
use crate::context::Context;
use crate::error::Result;
use crate::jobs;
use crate::mail::{Message, minute};
use crate::services::Services;

impl Attempt {
    /// Wrong. Counted before anybody is told, by the same steps whether there is an account or not.
    pub(crate) async fn fail(mut self, services: &Services, ctx: &Context) -> Result<()> {
        let purpose = self.purpose;
        let Some(slot) = &mut self.slot else { return Ok(()) };
        slot.is_settled = AtomicBool::new(true);
        let counted = count(services, ctx, slot, purpose).await;
        slot.is_settled = AtomicBool::new(counted.is_ok());
        let failed = counted?;
        if let Some(user) = slot.bucket.user_id
            && failed.is_reported
            && !failed.tells_owner
        {
            services.untold_failures.add(ctx, user, failed.attempts.failures);
        }
        Ok(())
    }

    /// Right: in the transaction of what it is a proof for. Answers how many failures came before:
    /// all of them, or on a device that is known those on such devices.
    pub(crate) async fn succeed(&self, services: &Services, tx: &mut Tx) -> Result<i64> {
        let Some(slot) = &self.slot else { return Ok(0) };
        slot.is_settled.store(true, Ordering::Relaxed);
        let (bucket, now) = (&slot.bucket, services.clock.now());
        let found = proof_attempts::find_locked(tx, &bucket.key).await?;
        let known = found.unwrap_or_default();
        let next = known.succeeded(self.purpose, slot.taken_at, now);
        write(tx, &bucket.key, bucket.user_id, found, &next, now).await?;
        let interrupted = interrupt(tx, bucket, now).await?;
        Ok(if bucket.is_known { known.failures } else { known.failures + interrupted })
    }

    /// The transaction of the success is committed.
    pub(crate) async fn close(self, services: &Services) {
        services.give_back_address_place(self.place).await;
    }

    /// Neither right nor wrong: shed, failed for reasons of ours, or right and still no use.
    pub(crate) async fn give_back(mut self, services: &Services) {
        if let Some(slot) = &mut self.slot {
            let (key, now) = (&slot.bucket.key, services.clock.now());
            slot.is_settled = AtomicBool::new(true);
            let given: Result<()> = transact!(services, |tx| {
                if let Some(attempts) = proof_attempts::find_locked(tx, key).await? {
                    proof_attempts::update(tx, key, &attempts.give_back(slot.taken_at, now), now)
                        .await?;
                }
            });
            // A slot that cannot be given back is collected at the next guess, or expires.
            slot.is_settled = AtomicBool::new(given.is_ok());
        }
        services.give_back_address_place(self.place).await;
    }
}

/// Failures in the other line of the account are consecutive no more; answers how many they were.
async fn interrupt(tx: &mut Tx, bucket: &Bucket, now: Timestamp) -> Result<i64> {
    let Some(other) = &bucket.other else { return Ok(0) };
    let Some(attempts) = proof_attempts::find_locked(tx, other).await? else { return Ok(0) };
    let interrupted = attempts.interrupted();
    if interrupted != attempts {
        proof_attempts::update(tx, other, &interrupted, now).await?;
    }
    Ok(attempts.failures - interrupted.failures)
}

/// The owner is here, by more than a password that was right a while ago. Answers how many wrong
/// ones came before. The account's row is locked by the caller.
pub(crate) async fn forget_failures(services: &Services, tx: &mut Tx, user: UserId) -> Result<i64> {
    let Some(bucket) = services.bucket(Whose::Account(user)) else { return Ok(0) };
    let now = services.clock.now();
    let found = proof_attempts::find_locked(tx, &bucket.key).await?;
    let known = found.unwrap_or_default();
    let next = known.forgotten();
    if next != known {
        proof_attempts::update(tx, &bucket.key, &next, now).await?;
    }
    let interrupted = interrupt(tx, &bucket, now).await?;
    Ok(known.failures - next.failures + interrupted)
}

async fn count(
    services: &Services,
    ctx: &Context,
    slot: &TakenSlot,
    purpose: Purpose,
) -> Result<Failed> {
    if let Some(failed) = count_once(services, ctx, slot, purpose, false).await? {
        return Ok(failed);
    }
    let counted = count_once(services, ctx, slot, purpose, true).await?;
    Ok(counted.ok_or(storage::Error::Stale)?)
}

/// The account is locked before its counter, as everywhere, and only where its owner is to be
/// told, with the count. `None` when that is so and it was not: nothing is written.
async fn count_once(
    services: &Services,
    ctx: &Context,
    slot: &TakenSlot,
    purpose: Purpose,
    with_owner: bool,
) -> Result<Option<Failed>> {
    let (bucket, now) = (&slot.bucket, services.clock.now());
    transact!(services, |tx| {
        let user = match bucket.user_id {
            Some(id) if with_owner => users::find_locked(tx, id).await?,
            Some(_) | None => None,
        };
        let found = proof_attempts::find_locked(tx, &bucket.key).await?;
        let failed = found.unwrap_or_default().failed(purpose, slot.taken_at, now);
        if failed.tells_owner && !with_owner {
            None
        } else {
            write(tx, &bucket.key, bucket.user_id, found, &failed.attempts, now).await?;
            if let Some(user) = user.filter(User::is_present)
                && failed.tells_owner
            {
                tell_owner(services, ctx, tx, &user, &failed).await?;
            }
            Some(failed)
        }
    })
}

/// The row may be gone: the password was set anew meanwhile.
async fn write(
    tx: &mut Tx,
    key: &[u8],
    user_id: Option<UserId>,
    found: Option<Attempts>,
    next: &Attempts,
    now: Timestamp,
) -> Result<()> {
    let written = match found {
        Some(_) => proof_attempts::update(tx, key, next, now).await,
        None => proof_attempts::insert(tx, key, user_id, next, now).await,
    };
    match written {
        // A rival wrote the row meanwhile: look again.
        Err(storage::Error::Conflict(UniqueKey::ProofAttempts)) => Err(storage::Error::Stale)?,
        written => Ok(written?),
    }
}

async fn tell_owner(
    services: &Services,
    ctx: &Context,
    tx: &mut Tx,
    user: &User,
    failed: &Failed,
) -> Result<()> {
    let failures = failed.attempts.failures;
    services.record(ctx, tx, user.id, &Event::SignInFailed { failures }).await?;
    let disabled = failed.attempts.is_disabled();
    if disabled {
        services.record(ctx, tx, user.id, &Event::PasswordDisabled).await?;
    }
    let name = user.display_name().to_owned();
    let message = Message::FailedSignIns { name, failures, disabled };
    jobs::promise_mail(services, ctx, tx, user, message).await?;
    Ok(())
}

/// The owner came back, or somebody guessed right: the owner knows which (LGN-12).
pub(crate) async fn tell_of_success(
    services: &Services,
    ctx: &Context,
    tx: &mut Tx,
    user: &User,
    session: SessionId,
    failures: i64,
) -> Result<()> {
    if failures < SUSPICIOUS {
        return Ok(());
    }
    let event = Event::SignedInAfterFailures { session, failures };
    services.record(ctx, tx, user.id, &event).await?;
    let message = Message::SuspiciousSignIn {
        name: user.display_name().to_owned(),
        failures,
        at: minute(ctx.now),
        address: ctx.client.address.clone(),
    };
    jobs::promise_mail(services, ctx, tx, user, message).await?;
    Ok(())
}
