//! Forget what is over.

use std::time::Duration;

use storage::{
    PIECE, audit_calls, code_guesses, command_inbox, confirmations, event_replays, flows,
    idempotency_keys, jobs, known_devices, proof_attempts, rate_limits, sendings, sessions,
};

use crate::context::Context;
use crate::error::Result;
use crate::events;
use crate::services::Services;
use crate::sessions::KNOWN_FOR;

/// How long a finished job can still be asked about.
const KEEP_JOBS: Duration = Duration::from_hours(7 * 24);
/// How long it can be looked up that events were told once more.
const KEEP_REPLAYS: Duration = KEEP_JOBS;
/// Sessions are kept a while after their end, to say why a token died.
const KEEP_SESSIONS: Duration = Duration::from_hours(24);
/// How long a client may ask again under the same idempotency key.
const KEEP_KEYS: Duration = Duration::from_hours(24);

/// Names that nobody has are remembered as long as it takes to try a hundred passwords.
const KEEP_ATTEMPTS: Duration = Duration::from_hours(30 * 24);

/// What is forgotten when it is over.
#[derive(Clone, Copy, Debug)]
enum Kind {
    Sessions,
    KnownDevices,
    IdempotencyKeys,
    ProofAttempts,
    Confirmations,
    Flows,
    CodeGuesses,
    SendingQuotas,
    Sendings,
    Jobs,
    AuditCalls,
    Commands,
    Replays,
    Events,
}

impl Kind {
    const ALL: [Self; 14] = [
        Self::Sessions,
        Self::KnownDevices,
        Self::IdempotencyKeys,
        Self::ProofAttempts,
        Self::Confirmations,
        Self::Flows,
        Self::CodeGuesses,
        Self::SendingQuotas,
        Self::Sendings,
        Self::Jobs,
        Self::AuditCalls,
        Self::Commands,
        Self::Replays,
        Self::Events,
    ];
}

/// In pieces that take turns, so that neither much of one kind nor trouble with it keeps the others.
pub(super) async fn sweep(services: &Services, ctx: &Context) -> Result<()> {
    let mut outcome = Ok(());
    let mut kinds = Kind::ALL.to_vec();
    while !kinds.is_empty() {
        let mut unfinished = Vec::new();
        for kind in kinds {
            match delete_some(services, ctx, kind).await {
                Ok(deleted) if deleted >= PIECE.unsigned_abs() => unfinished.push(kind),
                Ok(_) => {}
                Err(error) => {
                    tracing::warn!(?kind, error = error.chain(), "what is over is still there");
                    outcome = outcome.and(Err(error));
                }
            }
        }
        kinds = unfinished;
    }
    if let Err(error) = services.limiter.sweep(ctx.now).await {
        tracing::warn!(%error, "limits that are over could not be forgotten");
    }
    outcome
}

async fn delete_some(services: &Services, ctx: &Context, kind: Kind) -> Result<u64> {
    transact!(services, |tx| {
        match kind {
            Kind::Sessions => sessions::delete_expired(tx, ctx.now - KEEP_SESSIONS).await?,
            Kind::KnownDevices => known_devices::delete_unseen(tx, ctx.now - KNOWN_FOR).await?,
            Kind::IdempotencyKeys => idempotency_keys::delete_old(tx, ctx.now - KEEP_KEYS).await?,
            Kind::ProofAttempts => proof_attempts::delete_old(tx, ctx.now - KEEP_ATTEMPTS).await?,
            Kind::Confirmations => confirmations::delete_old(tx, ctx.now - KEEP_ATTEMPTS).await?,
            Kind::Flows => flows::delete_over(tx, ctx.now).await?,
            Kind::CodeGuesses => code_guesses::delete_old(tx, ctx.now).await?,
            Kind::SendingQuotas => rate_limits::delete_over(tx, ctx.now).await?,
            Kind::Sendings => sendings::delete_over(tx, ctx.now).await?,
            Kind::Jobs => jobs::delete_finished(tx, ctx.now - KEEP_JOBS).await?,
            Kind::AuditCalls => audit_calls::delete_old(tx, ctx.now - services.keep_calls).await?,
            Kind::Commands => {
                command_inbox::delete_old(tx, ctx.now - services.keep_commands).await?
            }
            Kind::Replays => event_replays::delete_done(tx, ctx.now - KEEP_REPLAYS).await?,
            Kind::Events => events::forget_some(services, tx).await?,
        }
    })
}
