//! Writing a change, with the events that tell about it.

use domain::confirmation::Purpose;
use domain::policy::EmailChange;
use domain::session::EndReason;
use domain::{Email, Event, SessionId, User};
use storage::{Tx, confirmations, passwords, policy_findings, proof_attempts, sessions, users};

use super::changes::{Change, Changes};
use crate::accounts::addresses::ensure_obtainable;
use crate::accounts::identifiers::taken;
use crate::accounts::pending::withdraw_pending_email;
use crate::accounts::replaced::{tell_of_phone, tell_of_replaced_email};
use crate::audit::Values;
use crate::confirmations::Address;
use crate::context::Context;
use crate::error::Result;
use crate::jobs::promise_mail;
use crate::mail::{Message, password_changed};
use crate::passwords::hashing::HashText;
use crate::services::Services;
use crate::verification::{Channel, promise_verification};

pub(super) async fn write(
    services: &Services,
    ctx: &Context,
    tx: &mut Tx,
    user: &User,
    session: Option<SessionId>,
    changes: &Changes,
    password: Option<&HashText>,
) -> Result<()> {
    let values = changes.values(user);
    let Changes { withdraws_email, .. } = *changes;
    if values.is_empty() && changes.email.is_keep() && password.is_none() && !withdraws_email {
        return Ok(());
    }
    if password.is_some() || changes.replaces_email(&ctx.policy) {
        users::change_security(tx, user, ctx.now).await?;
    } else {
        users::change(tx, user, ctx.now).await?;
    }
    match &changes.username {
        Change::Keep => {}
        Change::Clear => users::set_username(tx, user.id, None).await?,
        Change::Set(new) => users::set_username(tx, user.id, Some(new))
            .await
            .map_err(|error| taken(error, new.as_str()))?,
    }
    match &changes.phone {
        Change::Keep => {}
        Change::Clear => users::set_phone(tx, user.id, None).await?,
        Change::Set(new) => users::set_phone(tx, user.id, Some(new))
            .await
            .map_err(|error| taken(error, new.as_str()))?,
    }
    let has_way_back = ctx.policy.email_change != EmailChange::ByAdministrator;
    if !changes.phone.is_keep() {
        // What was sent to the old number is worth nothing any more (REG-16).
        let kept = Some(Purpose::AddressReturn);
        confirmations::spend_of_user(tx, user.id, kept, ctx.now).await?;
        tell_of_phone(services, ctx, tx, user, has_way_back).await?;
    }
    if changes.profile != user.profile {
        users::set_profile(tx, user.id, &changes.profile).await?;
    }
    if !values.is_empty() {
        let event = Event::ProfileUpdated { fields: values.fields() };
        services.record_change(ctx, tx, user.id, &event, &values).await?;
    }
    if withdraws_email || (password.is_some() && changes.email.is_keep()) {
        withdraw_pending_email(services, ctx, tx, user).await?;
    }
    write_email(services, ctx, tx, user, &changes.email).await?;
    if changes.replaces_email(&ctx.policy) {
        // What was sent to the old address is worth nothing any more (REG-16).
        let kept = has_way_back.then_some(Purpose::AddressReturn);
        confirmations::spend_of_user(tx, user.id, kept, ctx.now).await?;
        if has_way_back {
            tell_of_replaced_email(services, ctx, tx, user).await?;
        } else {
            let name = user.display_name().to_owned();
            let message = Message::EmailChangedByAdministrator { name };
            promise_mail(services, ctx, tx, user, message).await?;
        }
        let kept = ctx.policy.sessions_ended_by_email_change.kept(session);
        sessions::end_all(tx, user.id, kept, EndReason::EmailChanged, ctx.now).await?;
    }
    if let Some(hash) = password {
        write_password(services, ctx, tx, user, session, hash).await?;
    }
    if !changes.username.is_keep() && ctx.policy.tells_of_new_username {
        let name = user.display_name().to_owned();
        promise_mail(services, ctx, tx, user, Message::UsernameChanged { name }).await?;
    }
    // Last: all that was sent before is worth nothing any more.
    verify_new(services, ctx, tx, user, changes).await
}

/// Asks the new addresses whether they are the owner's.
async fn verify_new(
    services: &Services,
    ctx: &Context,
    tx: &mut Tx,
    user: &User,
    changes: &Changes,
) -> Result<()> {
    let new = [(Channel::Email, changes.email.as_set().is_some())];
    let new = new.into_iter().chain([(Channel::Phone, changes.phone.as_set().is_some())]);
    for (channel, _) in new.filter(|(_, is_new)| *is_new) {
        let user = users::find(tx, user.id).await?.ok_or(storage::Error::Stale)?;
        promise_verification(services, ctx, tx, &user, channel).await?;
    }
    Ok(())
}

async fn write_email(
    services: &Services,
    ctx: &Context,
    tx: &mut Tx,
    user: &User,
    change: &Change<Email>,
) -> Result<()> {
    let after = change.after(user.email.as_deref(), Email::as_str);
    let changed = || Values::default().changed("email", user.email.clone(), after.clone());
    let (event, values) = match (change, ctx.policy.email_change) {
        (Change::Keep, _) => return Ok(()),
        (Change::Clear, _) => {
            users::set_email(tx, user.id, None).await?;
            (Event::EmailChanged, changed())
        }
        (Change::Set(new), EmailChange::AtOnce | EmailChange::ByAdministrator) => {
            users::set_email(tx, user.id, Some(new))
                .await
                .map_err(|error| taken(error, new.as_str()))?;
            (Event::EmailChanged, changed())
        }
        (Change::Set(new), EmailChange::AfterVerification) => {
            let address = Address::Email(new.as_str().to_owned(), new.key().to_owned());
            ensure_obtainable(tx, user.id, &address).await?;
            users::set_pending_email(tx, user.id, Some(new)).await?;
            let message = Message::AddressChangeRequested { name: user.display_name().to_owned() };
            promise_mail(services, ctx, tx, user, message).await?;
            let before = user.pending_email.clone();
            let values = Values::default().changed("pending_email", before, after);
            (Event::EmailChangeRequested, values)
        }
    };
    services.record_change(ctx, tx, user.id, &event, &values).await
}

async fn write_password(
    services: &Services,
    ctx: &Context,
    tx: &mut Tx,
    user: &User,
    session: Option<SessionId>,
    hash: &HashText,
) -> Result<()> {
    passwords::set(tx, user.id, hash.as_str(), ctx.now).await?;
    proof_attempts::delete_of_user(tx, user.id).await?;
    let kept = Some(Purpose::AddressReturn);
    confirmations::spend_of_user(tx, user.id, kept, ctx.now).await?;
    promise_mail(services, ctx, tx, user, password_changed(ctx, user)).await?;
    // They were about the password so far.
    policy_findings::delete_of_user(tx, user.id).await?;
    let kept = ctx.policy.sessions_ended_by_password_change.kept(session);
    sessions::end_all(tx, user.id, kept, EndReason::PasswordChanged, ctx.now).await?;
    services.record(ctx, tx, user.id, &Event::PasswordChanged).await
}
