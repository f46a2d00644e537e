//! From a leased job to the work that it promises.

use domain::{JobId, UserId};

use super::deliver_mail::deliver;
use super::failure::Failure;
use super::job::{Payload, SEAL};
use super::sweep::sweep;
use crate::accounts::purge;
use crate::context::Context;
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
        Payload::DeliverMail { to, locale, message } => {
            deliver(services, ctx, id, to, locale.as_deref(), &message).await
        }
        Payload::PurgeAccount { user_id } => Ok(purge(services, ctx, UserId(user_id)).await?),
        Payload::Rest => Ok(()),
        Payload::Sweep => Ok(sweep(services, ctx).await?),
    }
}
