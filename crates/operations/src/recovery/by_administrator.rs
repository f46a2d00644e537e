//! Send somebody the way back into his account (PWD-14).

use domain::{IdentifierKind, Permission, Refusal, User, UserId};
use storage::confirmations;

use super::send::send;
use super::{LATER, way_back};
use crate::authority;
use crate::confirmations::{ShownIn, admit_address};
use crate::context::Context;
use crate::error::Result;
use crate::services::Services;

/// To the owner alone: whoever asks for it learns no code, no link and no password. What guesses did
/// to the account's codes is forgiven. Nothing else changes in it until the owner acts.
pub async fn send_recovery(services: &Services, ctx: &Context, id: UserId) -> Result<()> {
    transact!(services, |tx| {
        let permission = Permission::UsersCredentials;
        let user = authority::lock_target(ctx, tx, permission, id).await?;
        authority::ensure_fresh(services, ctx)?;
        let user = Some(user).filter(User::is_present).ok_or(Refusal::UserNotFound)?;
        // Nobody comes back into what is blocked (RCV-07).
        user.ensure_active(ctx.now)?;
        let address =
            way_back(services, &user, IdentifierKind::Email).ok_or(Refusal::ChannelMissing)?;
        if !admit_address(services, ctx, tx, &address).await? {
            return Err(Refusal::TooManyRequests { retry_after: LATER }.into());
        }
        confirmations::forgive_user(tx, id).await?;
        send(services, ctx, tx, &user, &address, Some(ShownIn::Anything)).await?;
    })
}
