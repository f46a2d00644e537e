//! The address is its owner's: what waits becomes what is.

use domain::confirmation::Purpose;
use domain::session::EndReason;
use domain::{Email, Event, SessionId, User};
use storage::{Tx, confirmations, sessions, users};

use super::Channel;
use crate::accounts::{Claim, release_from_others, taken, tell_of_replaced_email, welcome};
use crate::audit::Values;
use crate::confirmations::Address;
use crate::context::Context;
use crate::error::Result;
use crate::services::Services;

/// `own` is the session of whoever typed the code. The account's row is locked by the caller.
pub(super) async fn confirm(
    services: &Services,
    ctx: &Context,
    tx: &mut Tx,
    user: &User,
    channel: Channel,
    own: Option<SessionId>,
) -> Result<User> {
    let pending = user.pending_email.as_deref().and_then(|pending| Email::parse(pending).ok());
    match (channel, pending) {
        (Channel::Email, Some(new)) => replace_email(services, ctx, tx, user, &new, own).await?,
        (Channel::Email, None) => {
            users::change_security(tx, user, ctx.now).await?;
            users::verify_email(tx, user.id, ctx.now).await?;
        }
        (Channel::Phone, _) => {
            users::change_security(tx, user, ctx.now).await?;
            users::verify_phone(tx, user.id, ctx.now).await?;
        }
    }
    let event = match channel {
        Channel::Email => Event::EmailVerified,
        Channel::Phone => Event::PhoneVerified,
    };
    services.record(ctx, tx, user.id, &event).await?;
    let verified = users::find(tx, user.id).await?.ok_or(storage::Error::Stale)?;
    if channel == Channel::Email {
        welcome(services, ctx, tx, &verified).await?;
    }
    Ok(verified)
}

async fn replace_email(
    services: &Services,
    ctx: &Context,
    tx: &mut Tx,
    user: &User,
    new: &Email,
    own: Option<SessionId>,
) -> Result<()> {
    let address = Address::Email(new.as_str().to_owned(), new.key().to_owned());
    release_from_others(services, ctx, tx, user.id, &address, Claim::Code).await?;
    users::change_security(tx, user, ctx.now).await?;
    users::set_email(tx, user.id, Some(new)).await.map_err(|error| taken(error, new.as_str()))?;
    users::verify_email(tx, user.id, ctx.now).await?;
    // What was sent to the old address is worth nothing any more (REG-16).
    let kept = Some(Purpose::AddressReturn);
    confirmations::spend_of_user(tx, user.id, kept, ctx.now).await?;
    let kept = ctx.policy.sessions_ended_by_email_change.kept(own);
    sessions::end_all(tx, user.id, kept, EndReason::EmailChanged, ctx.now).await?;
    tell_of_replaced_email(services, ctx, tx, user).await?;
    let values = Values::default()
        .changed("email", user.email.clone(), Some(new.as_str().to_owned()))
        .changed("pending_email", user.pending_email.clone(), None);
    services.record_change(ctx, tx, user.id, &Event::EmailChanged, &values).await
}
