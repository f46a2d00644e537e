//! Make a service.

use domain::service_account::{parse_service_name, parse_service_permissions};
use domain::token::SecretToken;
use domain::{Field, FieldError, Refusal, ServiceAccount, ServiceAccountId};
use storage::{UniqueKey, service_accounts};

use super::manage::ensure_may_give;
use super::secret::{digest_of, new_secret};
use crate::audit::Values;
use crate::context::Context;
use crate::error::{Error, Fault, Result};
use crate::services::Services;

#[derive(Clone, Debug, Default)]
pub struct NewServiceAccount {
    pub name: String,
    /// Their names, as asked for.
    pub permissions: Vec<String>,
}

/// The service and its secret, which is shown this once.
pub async fn create(
    services: &Services,
    ctx: &Context,
    request: &NewServiceAccount,
) -> Result<(ServiceAccount, SecretToken)> {
    let secret = new_secret(&*services.entropy);
    let made: Result<ServiceAccount> = transact!(services, |tx| {
        ensure_may_give(services, ctx, tx).await?;
        let service = admit(services, ctx, request)?;
        service_accounts::insert(tx, &service, &digest_of(&secret)).await?;
        let values = Values::of_permissions(&[], &service.permissions);
        services.note_change(ctx, tx, &service.id.to_string(), &values).await?;
        service
    });
    let service = made.map_err(say_taken)?;
    tracing::info!(service = %service.id, name = service.name, by = ctx.actor.as_str(), "service made");
    Ok((service, secret))
}

/// Refuses with everything that is wrong.
fn admit(
    services: &Services,
    ctx: &Context,
    request: &NewServiceAccount,
) -> Result<ServiceAccount, Refusal> {
    let mut errors = Vec::new();
    let name = parse_service_name(&request.name);
    let permissions = parse_service_permissions(&request.permissions);
    errors.extend(name.as_ref().err().map(|rule| (Field::ServiceName, rule.clone())));
    let unknown = permissions.as_ref().err().into_iter().flatten();
    errors.extend(unknown.map(|rule| (Field::Permissions, rule.clone())));
    let (Ok(name), Ok(permissions)) = (name, permissions) else {
        let errors = errors.into_iter().map(|(field, rule)| FieldError { field, rule });
        return Err(Refusal::Invalid(errors.collect()));
    };
    Ok(ServiceAccount {
        id: ServiceAccountId::new(ctx.now, services.entropy.bytes()),
        name,
        permissions,
        created_by: ctx.actor.user_id(),
        created_at: ctx.now,
        rotated_at: None,
        previous_until: None,
        last_used_at: None,
    })
}

fn say_taken(error: Error) -> Error {
    match error {
        Error::Fault(Fault::Storage(storage::Error::Conflict(UniqueKey::ServiceName))) => {
            Refusal::ServiceNameTaken.into()
        }
        error @ (Error::Refused(_) | Error::Fault(_)) => error,
    }
}
