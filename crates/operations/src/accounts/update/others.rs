//! Change the account of somebody else, and vouch for addresses.

use std::sync::Arc;

use domain::policy::EmailChange;
use domain::{AccountPolicy, Event, Field, Permission, Refusal, Rule, User, UserId};
use storage::{Tx, users};

use super::changes::AccountChange;
use super::check::check;
use super::write::write;
use crate::authority;
use crate::context::Context;
use crate::error::Result;
use crate::services::Services;

#[derive(Clone, Debug, Default)]
pub struct UpdateOther {
    pub change: AccountChange,
    /// The address that the account has then is its owner's: whoever asks vouches for it.
    pub is_email_verified: bool,
    pub is_phone_verified: bool,
}

/// All of it, or nothing. A new e-mail address holds at once, whatever the surface says of owners;
/// every session then ends, and the old address is told.
pub async fn update_other(
    services: &Services,
    ctx: &Context,
    id: UserId,
    request: &UpdateOther,
) -> Result<User> {
    transact!(services, |tx| { update_other_in(services, ctx, tx, id, request).await? })
}

/// In a transaction that does more.
pub(crate) async fn update_other_in(
    services: &Services,
    ctx: &Context,
    tx: &mut Tx,
    id: UserId,
    request: &UpdateOther,
) -> Result<User> {
    let is_vouched_for = request.is_email_verified || request.is_phone_verified;
    let policy = AccountPolicy {
        email_change: EmailChange::ByAdministrator,
        // Nobody is asked about what somebody vouches for.
        verifies_new_addresses: ctx.policy.verifies_new_addresses && !is_vouched_for,
        ..(*ctx.policy).clone()
    };
    let ctx = &Context { policy: Arc::new(policy), ..ctx.clone() };
    let current = authority::lock_target(ctx, tx, Permission::UsersWrite, id).await?;
    let current = Some(current).filter(User::is_present).ok_or(Refusal::UserNotFound)?;
    let changes = check(&ctx.policy, Some(&current), &request.change, None).whole()?;
    if changes.is_of_identifiers() || is_vouched_for {
        authority::ensure_other(ctx, id)?;
        authority::ensure_fresh(services, ctx)?;
    }
    write(services, ctx, tx, &current, None, &changes, None).await?;
    vouch(services, ctx, tx, id, request).await?;
    Ok(users::find(tx, id).await?.ok_or(storage::Error::Stale)?)
}

/// What is so already stays so.
async fn vouch(
    services: &Services,
    ctx: &Context,
    tx: &mut Tx,
    id: UserId,
    request: &UpdateOther,
) -> Result<()> {
    let user = users::find(tx, id).await?.ok_or(storage::Error::Stale)?;
    let missing = |field| Refusal::invalid(field, Rule::Required);
    if request.is_email_verified && user.email.is_none() {
        return Err(missing(Field::Email).into());
    }
    if request.is_phone_verified && user.phone.is_none() {
        return Err(missing(Field::Phone).into());
    }
    let is_email_new = request.is_email_verified && !user.email_verified;
    let is_phone_new = request.is_phone_verified && !user.phone_verified;
    if !is_email_new && !is_phone_new {
        return Ok(());
    }
    users::change(tx, &user, ctx.now).await?;
    if is_email_new {
        users::verify_email(tx, id, ctx.now).await?;
        services.record(ctx, tx, id, &Event::EmailVerified).await?;
    }
    if is_phone_new {
        users::verify_phone(tx, id, ctx.now).await?;
        services.record(ctx, tx, id, &Event::PhoneVerified).await?;
    }
    Ok(())
}
