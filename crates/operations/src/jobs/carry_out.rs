//! From a leased job to the work that it promises.

use domain::{Timestamp, UserId};
use storage::jobs::LeasedJob;

use super::deliver;
use super::failure::{Done, Failure};
use super::job::{Payload, SEAL};
use super::sweep::sweep;
use crate::accounts::{erase_traces, lift_at_its_end, purge};
use crate::context::Context;
use crate::roles::{tell_departed, tell_holders};
use crate::services::Services;
use crate::tokens::rotate_when_due;

/// Does what the leased job promises.
pub(super) async fn carry_out(
    services: &Services,
    ctx: &Context,
    job: &LeasedJob,
) -> Result<Done, Failure> {
    let plain = services.vault.open(SEAL, &job.payload)?;
    let payload = serde_json::from_slice(&plain).map_err(|error| {
        // A newer release may read it.
        Failure::Later(format!("unreadable payload at column {}", error.column()))
    })?;
    match payload {
        Payload::DeliverMail(envelope) => {
            return deliver::mail(services, ctx, job, &envelope).await;
        }
        Payload::DeliverText(envelope) => {
            return deliver::text(services, ctx, job, &envelope).await;
        }
        Payload::PurgeAccount { user_id } => {
            not_before(purge(services, ctx, UserId(user_id)).await?)?;
        }
        Payload::LiftBlock { user_id } => {
            not_before(lift_at_its_end(services, ctx, UserId(user_id)).await?)?;
        }
        Payload::TellHolders(holders) => tell_holders(services, ctx, &holders).await?,
        Payload::TellDeparted { generation } => tell_departed(services, ctx, generation).await?,
        Payload::EraseTraces(traces) => erase_traces(services, ctx, traces).await?,
        Payload::DeliverNothing | Payload::Rest => {}
        Payload::Sweep => sweep(services, ctx).await?,
        Payload::CheckKeys => rotate_when_due(services, ctx).await?,
    }
    Ok(Done::Fully)
}

/// Somebody may run again what waits for its time: it goes on waiting.
fn not_before(time: Option<Timestamp>) -> Result<(), Failure> {
    time.map_or(Ok(()), |time| Err(Failure::NotYet(time)))
}
