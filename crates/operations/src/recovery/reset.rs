//! Set a new password with a ticket.

use domain::confirmation::Purpose;
use domain::password::Guess;
use domain::session::EndReason;
use domain::token::SecretToken;
use domain::{AccountPolicy, Actor, Event, FieldError, Password, Refusal, User};
use storage::{
    Tx, confirmations, known_devices, passwords, policy_findings, proof_attempts, sessions, users,
};

use crate::accounts::{end_returns_after, withdraw_pending_email};
use crate::audit::Values;
use crate::confirmations::{Address, Redeemed, find_by_link, redeem};
use crate::context::Context;
use crate::error::Result;
use crate::jobs::promise_mail;
use crate::mail::password_changed;
use crate::passwords::check_recovered;
use crate::passwords::hashing::HashText;
use crate::services::Services;

/// The broken rules of a password to be set that do not depend on the account.
pub fn review_recovered(policy: &AccountPolicy, password: &Password) -> Vec<FieldError> {
    check_recovered(policy, password, &[])
}

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
    set_by(services, ctx, purpose, ticket, &user, password, has_shown).await
}

/// The address to which what the ticket was made of was sent, as long as it is the account's.
fn has_shown(services: &Services, redeemed: &Redeemed) -> Result<Address, Refusal> {
    let user = &redeemed.user;
    let mut addresses = [Address::email_of(user), Address::phone_of(user)].into_iter().flatten();
    let shown = addresses.find(|address| redeemed.was_sent_to(services, Some(address)));
    shown.ok_or(Refusal::LinkInvalid)
}

/// Sets the password by the link or ticket of `owner`. Hashing takes its time, so that it is done before,
/// and who asks is judged again when the link is spent: `shown` finds the address that it was sent to.
pub(super) async fn set_by(
    services: &Services,
    ctx: &Context,
    purpose: Purpose,
    link: &SecretToken,
    owner: &User,
    password: &Password,
    shown: fn(&Services, &Redeemed) -> Result<Address, Refusal>,
) -> Result<User> {
    ensure_good(&ctx.policy, password, &owner.guesses())?;
    let hash = services.hash(password).await?;
    transact!(services, |tx| {
        let redeemed = redeem(services, ctx, tx, purpose, link).await?;
        let shown = shown(services, &redeemed)?;
        set_anew(services, ctx, tx, &redeemed.user, &hash, &shown).await?
    })
}

pub(super) fn ensure_good(
    policy: &AccountPolicy,
    password: &Password,
    guesses: &[Guess<'_>],
) -> Result<(), Refusal> {
    let errors = check_recovered(policy, password, guesses);
    if errors.is_empty() { Ok(()) } else { Err(Refusal::Invalid(errors)) }
}

/// By whoever showed that he reads what is sent to `shown`. The account's row is locked by the caller.
async fn set_anew(
    services: &Services,
    ctx: &Context,
    tx: &mut Tx,
    user: &User,
    hash: &HashText,
    shown: &Address,
) -> Result<User> {
    let ctx = &ctx.acting_as(Actor::User(user.id));
    users::change_security(tx, user, ctx.now).await?;
    passwords::set(tx, user.id, hash.as_str(), ctx.now).await?;
    forget_the_past(services, ctx, tx, user, EndReason::PasswordReset).await?;
    services.record(ctx, tx, user.id, &Event::PasswordChanged).await?;
    keep_what_was_shown(services, ctx, tx, user, shown).await?;
    promise_mail(services, ctx, tx, user, password_changed(ctx, user)).await?;
    Ok(users::find(tx, user.id).await?.ok_or(storage::Error::Stale)?)
}

/// Whoever had the account before has nothing left of it (REG-14).
pub(crate) async fn forget_the_past(
    services: &Services,
    ctx: &Context,
    tx: &mut Tx,
    user: &User,
    reason: EndReason,
) -> Result<()> {
    sessions::end_all(tx, user.id, None, reason, ctx.now).await?;
    proof_attempts::delete_of_user(tx, user.id).await?;
    known_devices::delete_of_user(tx, user.id).await?;
    policy_findings::delete_of_user(tx, user.id).await?;
    confirmations::spend_of_user(tx, user.id, Some(Purpose::AddressReturn), ctx.now).await?;
    confirmations::forgive_user(tx, user.id).await?;
    withdraw_pending_email(services, ctx, tx, user).await
}

/// The address to which the way back was sent is its owner's. Another one that nobody has shown to
/// be his goes: whoever named it could show it later, and come back by it (REG-14).
async fn keep_what_was_shown(
    services: &Services,
    ctx: &Context,
    tx: &mut Tx,
    user: &User,
    shown: &Address,
) -> Result<()> {
    match shown {
        Address::Email(..) => {
            if !user.email_verified {
                users::verify_email(tx, user.id, ctx.now).await?;
                services.record(ctx, tx, user.id, &Event::EmailVerified).await?;
            }
            if user.phone.is_some() && !user.phone_verified {
                users::set_phone(tx, user.id, None).await?;
                let values = Values::default().changed("phone", user.phone.clone(), None);
                let event = Event::ProfileUpdated { fields: values.fields() };
                services.record_change(ctx, tx, user.id, &event, &values).await?;
            }
            end_returns_after(services, ctx, tx, user.id, shown).await
        }
        Address::Phone(_) => {
            if !user.phone_verified {
                users::verify_phone(tx, user.id, ctx.now).await?;
                services.record(ctx, tx, user.id, &Event::PhoneVerified).await?;
            }
            if user.email.is_some() && !user.email_verified {
                users::set_email(tx, user.id, None).await?;
                let values = Values::default().changed("email", user.email.clone(), None);
                services.record_change(ctx, tx, user.id, &Event::EmailChanged, &values).await?;
            }
            Ok(())
        }
    }
}
