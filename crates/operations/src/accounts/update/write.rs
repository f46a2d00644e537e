//! Writing a change, with the events that tell about it.

use domain::policy::EmailChange;
use domain::session::EndReason;
use domain::{Email, Event, Identifier, IdentifierKind, Refusal, SessionId, Taken, User};
use storage::{Tx, passwords, policy_findings, proof_attempts, sessions, users};

use super::changes::{Change, Changes};
use crate::accounts::identifiers::taken;
use crate::context::Context;
use crate::error::Result;
use crate::passwords::hashing::HashText;
use crate::services::Services;

pub(super) async fn write(
    services: &Services,
    ctx: &Context,
    tx: &mut Tx,
    user: &User,
    session: Option<SessionId>,
    changes: &Changes,
    password: Option<&HashText>,
) -> Result<()> {
    let fields = changes.changed_fields(user);
    if fields.is_empty() && changes.email.is_keep() && password.is_none() {
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
    if changes.profile != user.profile {
        users::set_profile(tx, user.id, &changes.profile).await?;
    }
    if !fields.is_empty() {
        services.record(ctx, tx, user.id, &Event::ProfileUpdated { fields }).await?;
    }
    write_email(services, ctx, tx, user, &changes.email).await?;
    if changes.replaces_email(&ctx.policy) {
        let kept = ctx.policy.sessions_ended_by_email_change.kept(session);
        sessions::end_all(tx, user.id, kept, EndReason::EmailChanged, ctx.now).await?;
    }
    if let Some(hash) = password {
        write_password(services, ctx, tx, user, session, hash).await?;
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
    let event = match (change, ctx.policy.email_change) {
        (Change::Keep, _) => return Ok(()),
        (Change::Clear, _) => {
            users::set_email(tx, user.id, None).await?;
            Event::EmailChanged
        }
        (Change::Set(new), EmailChange::AtOnce) => {
            users::set_email(tx, user.id, Some(new))
                .await
                .map_err(|error| taken(error, new.as_str()))?;
            Event::EmailChanged
        }
        (Change::Set(new), EmailChange::AfterVerification) => {
            // The key decides once more when the address is verified; saying so now is kinder.
            let holder =
                users::find_by_identifier(tx, &Identifier::recognise(new.as_str())).await?;
            if holder.is_some_and(|holder| holder.id != user.id) {
                let taken = Taken::one(IdentifierKind::Email, new.as_str());
                return Err(Refusal::IdentifierTaken(taken).into());
            }
            users::set_pending_email(tx, user.id, Some(new)).await?;
            Event::EmailChangeRequested
        }
    };
    services.record(ctx, tx, user.id, &event).await
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
    // They were about the password so far.
    policy_findings::delete_of_user(tx, user.id).await?;
    let kept = ctx.policy.sessions_ended_by_password_change.kept(session);
    sessions::end_all(tx, user.id, kept, EndReason::PasswordChanged, ctx.now).await?;
    services.record(ctx, tx, user.id, &Event::PasswordChanged).await
}
