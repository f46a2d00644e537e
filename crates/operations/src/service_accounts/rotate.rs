//! Exchange the secret of a service.

use std::time::Duration;

use domain::token::SecretToken;
use domain::{Refusal, ServiceAccount, ServiceAccountId};
use storage::service_accounts;

use super::manage::ensure_may_give;
use super::secret::{digest_of, new_secret};
use crate::context::Context;
use crate::error::Result;
use crate::services::Services;

/// How long the secret so far stays good, so that nobody has to exchange it in one moment.
pub const OVERLAP: Duration = Duration::from_hours(24);

/// A new secret, which is shown this once. The one so far is good for `overlap`, which is nothing
/// when it leaked; the one before it is good no more.
pub async fn rotate(
    services: &Services,
    ctx: &Context,
    id: ServiceAccountId,
    overlap: Duration,
) -> Result<(ServiceAccount, SecretToken)> {
    let secret = new_secret(&*services.entropy);
    let rotated: Result<ServiceAccount> = transact!(services, |tx| {
        ensure_may_give(services, ctx, tx).await?;
        let until = ctx.now + overlap;
        if !service_accounts::rotate(tx, id, &digest_of(&secret), until, ctx.now).await? {
            return Err(Refusal::ServiceNotFound.into());
        }
        service_accounts::find(tx, id).await?.ok_or(Refusal::ServiceNotFound)?
    });
    let service = rotated?;
    tracing::info!(service = %id, name = service.name, by = ctx.actor.as_str(), "service has a new secret");
    Ok((service, secret))
}
