//! Which service is this? From its credentials to what it may do.

use std::time::Duration;

use domain::token::SecretToken;
use domain::{Permission, Refusal, ServiceAccount, ServiceAccountId};
use storage::service_accounts::{self, Secrets};
use uuid::Uuid;

use super::secret::{digest_of, fits};
use crate::context::Context;
use crate::error::Result;
use crate::services::Services;

/// Uses are noted to the minute: a busy service must not mean a busy database.
const NOTED_EVERY: Duration = Duration::from_mins(1);
/// No request waits longer for a note that nobody needs.
const NOTE_LIMIT: Duration = Duration::from_millis(500);

/// The service of these credentials, if it may do what is `needed`. Unknown, deleted and a wrong
/// secret are one answer, and limited by address.
pub async fn authenticate_service(
    services: &Services,
    ctx: &Context,
    client_id: &str,
    secret: &SecretToken,
    needed: Permission,
) -> Result<ServiceAccount> {
    let id = Uuid::parse_str(client_id).map_err(|_| Refusal::InvalidClient)?;
    let id = ServiceAccountId(id);
    let digest = digest_of(secret);
    services.ensure_may_guess(ctx, id, &digest)?;
    let Some(service) = identify(services, ctx, id, &digest).await? else {
        services.count_wrong_guess(ctx, &digest).await?;
        return Err(Refusal::InvalidClient.into());
    };
    services.remember_proof(id, &digest);
    if !service.may(needed) {
        return Err(Refusal::PermissionMissing(needed).into());
    }
    note_use(services, ctx, &service).await;
    Ok(service)
}

async fn identify(
    services: &Services,
    ctx: &Context,
    id: ServiceAccountId,
    digest: &[u8],
) -> Result<Option<ServiceAccount>> {
    let mut read = services.store.read().await?;
    let service = service_accounts::find(&mut read, id).await?;
    let secrets = service_accounts::secrets(&mut read, id).await?;
    let found = service.zip(secrets);
    let found = found.filter(|(service, secrets)| is_good(ctx, service, secrets, digest));
    Ok(found.map(|(service, _)| service))
}

fn is_good(ctx: &Context, service: &ServiceAccount, secrets: &Secrets, presented: &[u8]) -> bool {
    let is_current = fits(presented, &secrets.current);
    let previous = secrets.previous.as_deref();
    let is_previous = previous.is_some_and(|previous| fits(presented, previous));
    is_current || (is_previous && service.previous_until.is_some_and(|until| ctx.now < until))
}

/// What cannot be noted is not worth a failure.
async fn note_use(services: &Services, ctx: &Context, service: &ServiceAccount) {
    let since = ctx.now - NOTED_EVERY;
    if service.last_used_at.is_some_and(|noted| noted >= since) {
        return;
    }
    let note = async {
        let noted: Result<()> = transact!(services, |tx| {
            service_accounts::touch(tx, service.id, ctx.now, since).await?;
        });
        noted
    };
    match tokio::time::timeout(NOTE_LIMIT, note).await {
        Ok(Ok(())) => {}
        Ok(Err(error)) => {
            tracing::warn!(service = %service.id, reason = error.chain(), "its use was not noted");
        }
        Err(_) => tracing::warn!(service = %service.id, "noting its use took too long"),
    }
}
