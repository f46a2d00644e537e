//! Set a password without knowing the old one: for the operator at the command line.

use domain::confirmation::Purpose;
use domain::session::EndReason;
use domain::{Event, Password, Refusal, User, UserId};
use storage::{confirmations, passwords, policy_findings, proof_attempts, sessions, users};

use super::rules::check_new;
use crate::accounts::withdraw_pending_email;
use crate::context::Context;
use crate::error::Result;
use crate::jobs::promise_mail;
use crate::mail::password_changed;
use crate::services::Services;

/// Ends every session of the account (RCV-05).
pub async fn set_by_operator(
    services: &Services,
    ctx: &Context,
    id: UserId,
    password: &Password,
) -> Result<()> {
    let found = users::find(&mut services.store.read().await?, id).await?;
    let user = found.filter(User::is_present).ok_or(Refusal::UserNotFound)?;
    let errors = check_new(&ctx.policy, password, &user.guesses());
    if !errors.is_empty() {
        return Err(Refusal::Invalid(errors).into());
    }
    let hash = services.hash(password).await?;
    transact!(services, |tx| {
        let user = users::find_locked(tx, id).await?;
        let user = user.filter(User::is_present).ok_or(Refusal::UserNotFound)?;
        users::change_security(tx, &user, ctx.now).await?;
        passwords::set(tx, id, hash.as_str(), ctx.now).await?;
        proof_attempts::delete_of_user(tx, id).await?;
        confirmations::spend_of_user(tx, id, Some(Purpose::AddressReturn), ctx.now).await?;
        confirmations::forgive_user(tx, id).await?;
        promise_mail(services, ctx, tx, &user, password_changed(ctx, &user)).await?;
        policy_findings::delete_of_user(tx, id).await?;
        withdraw_pending_email(services, ctx, tx, &user).await?;
        sessions::end_all(tx, id, None, EndReason::SetByOperator, ctx.now).await?;
        services.record(ctx, tx, id, &Event::PasswordChanged).await?;
    })
}
