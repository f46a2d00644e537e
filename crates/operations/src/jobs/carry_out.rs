//! From a leased job to the work that it promises.

use domain::{JobId, Timestamp, UserId};

use super::failure::Failure;
use super::job::{Payload, SEAL};
use super::sweep::sweep;
use super::{deliver_mail, deliver_text};
use crate::accounts::{erase_traces, lift_at_its_end, purge};
use crate::context::Context;
use crate::roles::{tell_departed, tell_holders};
use crate::services::Services;

/// Does what the leased job promises.
pub(super) async fn carry_out(
    services: &Services,
    ctx: &Context,
    id: JobId,
    sealed: &[u8],
) -> Result<(), Failure> {
    let plain = services.vault.open(SEAL, sealed)?;
    let payload = serde_json::from_slice(&plain).map_err(|error| {
        Failure::Never(format!("unreadable payload at column {}", error.column()))
    })?;
    match payload {
        Payload::DeliverMail { not_after: Some(micros), message, .. }
        | Payload::DeliverText { not_after: Some(micros), message, .. }
            if Timestamp::from_micros(micros) <= ctx.now =>
        {
            tracing::info!(job = %id, message = message.name(), "came too late to be sent");
            Ok(())
        }
        Payload::DeliverMail { to, locale, message, .. } => {
            deliver_mail::deliver(services, ctx, id, to, locale.as_deref(), &message).await
        }
        Payload::DeliverText { to, locale, message, .. } => {
            deliver_text::deliver(services, ctx, id, to, locale.as_deref(), &message).await
        }
        Payload::PurgeAccount { user_id } => Ok(purge(services, ctx, UserId(user_id)).await?),
        Payload::LiftBlock { user_id } => {
            Ok(lift_at_its_end(services, ctx, UserId(user_id)).await?)
        }
        Payload::TellHolders(holders) => Ok(tell_holders(services, ctx, &holders).await?),
        Payload::TellDeparted { generation } => Ok(tell_departed(services, ctx, generation).await?),
        Payload::EraseTraces(traces) => Ok(erase_traces(services, ctx, traces).await?),
        Payload::DeliverNothing | Payload::Rest => Ok(()),
        Payload::Sweep => Ok(sweep(services, ctx).await?),
    }
}
