//! Make the token.

use domain::token::SecretToken;
use domain::{Actor, Permission, Refusal, RoleName, Timestamp};
use storage::{roles, setup};

use super::token::{digest_of, new_token};
use crate::context::Context;
use crate::error::Result;
use crate::services::Services;

/// What a start finds.
pub enum Offer {
    /// There is or was an administrator.
    Closed,
    /// Made now: whoever made it shows it, nobody else can.
    Made(SecretToken),
    /// Another start made one.
    Waiting { since: Timestamp },
}

/// Of instances that start together one makes the token. Where there is an administrator already,
/// the deployment is closed for good.
pub async fn offer(services: &Services, ctx: &Context) -> Result<Offer> {
    let token = new_token(&*services.entropy);
    let digest = digest_of(&token);
    let admin = RoleName::new(RoleName::ADMIN);
    let found: Result<Option<setup::Setup>> = transact!(services, |tx| {
        // Made by an older release, which knew nothing of this.
        if roles::count_active(tx, &admin).await? > 0 {
            setup::close(tx, ctx.now).await?;
        }
        let is_made = setup::offer(tx, &digest, ctx.now).await?;
        if is_made { None } else { Some(setup::find(tx).await?) }
    });
    Ok(match found? {
        None => Offer::Made(token),
        Some(setup) => match (setup.closed_at, setup.token_made_at) {
            (None, Some(since)) => Offer::Waiting { since },
            (Some(_), _) | (None, None) => Offer::Closed,
        },
    })
}

/// A new token in the place of one that got lost. For the operator.
pub async fn renew(services: &Services, ctx: &Context) -> Result<SecretToken> {
    if ctx.actor != Actor::Operator {
        return Err(Refusal::PermissionMissing(Permission::RolesGrant).into());
    }
    let token = new_token(&*services.entropy);
    let digest = digest_of(&token);
    let admin = RoleName::new(RoleName::ADMIN);
    let replaced: Result<bool> = transact!(services, |tx| {
        if roles::count_active(tx, &admin).await? > 0 {
            setup::close(tx, ctx.now).await?;
        }
        setup::replace(tx, &digest, ctx.now).await?
    });
    if replaced? { Ok(token) } else { Err(Refusal::SetupRefused.into()) }
}
