//! Set a new password with a ticket.

use domain::confirmation::Purpose;
use domain::session::EndReason;
use domain::token::SecretToken;
use domain::{Actor, Event, Password, Refusal, User};
use storage::{Tx, confirmations, known_devices, passwords, proof_attempts, sessions, users};

use crate::confirmations::{Address, Redeemed, find_by_link, redeem};
use crate::context::Context;
use crate::error::Result;
use crate::jobs::promise_mail;
use crate::mail::password_changed;
use crate::passwords::check_new;
use crate::services::Services;

/// Ends every session and all that was sent before, and signs nobody in (RCV-05, RCV-06). A
/// password that breaks a rule spends no ticket.
pub async fn reset_password(
    services: &Services,
    ctx: &Context,
    ticket: &SecretToken,
    password: &Password,
) -> Result<User> {
    let purpose = Purpose::PasswordReset;
    let found: Result<Option<User>> =
        transact!(services, |tx| { find_by_link(ctx, tx, purpose, ticket).await? });
    let user = found?.ok_or(Refusal::LinkInvalid)?;
    let errors = check_new(&ctx.policy, password, &user.guesses());
    if !errors.is_empty() {
        return Err(Refusal::Invalid(errors).into());
    }
    let hash = services.hash(password).await?;
    let reset: Result<User> = transact!(services, |tx| {
        let redeemed = redeem(services, ctx, tx, purpose, ticket).await?;
        let redeemed = redeemed.ok_or(Refusal::LinkInvalid)?;
        redeemed.user.ensure_active(ctx.now).map_err(|_| Refusal::LinkInvalid)?;
        let ctx = &ctx.acting_as(Actor::User(redeemed.user.id));
        let user = &redeemed.user;
        users::change_security(tx, user, ctx.now).await?;
        passwords::set(tx, user.id, hash.as_str(), ctx.now).await?;
        forget_the_past(ctx, tx, user).await?;
        services.record(ctx, tx, user.id, &Event::PasswordChanged).await?;
        verify_what_was_shown(services, ctx, tx, &redeemed).await?;
        promise_mail(services, ctx, tx, user, password_changed(ctx, user)).await?;
        users::find(tx, user.id).await?.ok_or(storage::Error::Stale)?
    });
    services.jobs_promised.notify_one();
    reset
}

/// Whoever had the account before has nothing left of it (REG-14).
async fn forget_the_past(ctx: &Context, tx: &mut Tx, user: &User) -> Result<()> {
    sessions::end_all(tx, user.id, None, EndReason::PasswordReset, ctx.now).await?;
    proof_attempts::delete_of_user(tx, user.id).await?;
    known_devices::delete_of_user(tx, user.id).await?;
    confirmations::spend_of_user(tx, user.id, Some(Purpose::AddressReturn), ctx.now).await?;
    confirmations::forgive_user(tx, user.id).await?;
    if user.pending_email.is_some() {
        users::set_pending_email(tx, user.id, None).await?;
    }
    Ok(())
}

/// The address to which the way back was sent is its owner's.
async fn verify_what_was_shown(
    services: &Services,
    ctx: &Context,
    tx: &mut Tx,
    redeemed: &Redeemed,
) -> Result<()> {
    let user = &redeemed.user;
    if !user.email_verified && redeemed.was_sent_to(services, Address::email_of(user).as_ref()) {
        users::verify_email(tx, user.id, ctx.now).await?;
        services.record(ctx, tx, user.id, &Event::EmailVerified).await?;
    }
    if !user.phone_verified && redeemed.was_sent_to(services, Address::phone_of(user).as_ref()) {
        users::verify_phone(tx, user.id, ctx.now).await?;
        services.record(ctx, tx, user.id, &Event::PhoneVerified).await?;
    }
    Ok(())
}
