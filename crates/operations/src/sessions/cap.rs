//! How many sessions an account may have (SES-12, docs/decisions/0018).

use std::time::Duration;

use domain::session::EndReason;
use domain::{Event, User};
use storage::{Tx, notices, sessions};

use crate::context::Context;
use crate::error::Result;
use crate::jobs::promise_mail;
use crate::mail::Message;
use crate::services::Services;

const NOTICE: &str = "session_limit";
/// People who sign in all day long are told once.
const QUIET: Duration = Duration::from_hours(24);

/// Ends the oldest sessions with a refresh token until there is room for one more. The account's
/// row is locked by the caller, so that rivals count one after the other.
pub(super) async fn make_room(
    services: &Services,
    ctx: &Context,
    tx: &mut Tx,
    user: &User,
) -> Result<()> {
    let most = services.sessions.max_per_user;
    let live = sessions::list_refreshable(tx, user.id, ctx.now).await?;
    let excess = (live.len() + 1).saturating_sub(most);
    let reason = EndReason::Evicted;
    for session in live.into_iter().take(excess) {
        sessions::end(tx, session, reason, ctx.now).await?;
        let event = Event::SessionRevoked { session, reason };
        services.record(ctx, tx, user.id, &event).await?;
    }
    if excess > 0 { tell(services, ctx, tx, user, most).await } else { Ok(()) }
}

async fn tell(
    services: &Services,
    ctx: &Context,
    tx: &mut Tx,
    user: &User,
    most: usize,
) -> Result<()> {
    if user.email.is_none() {
        return Ok(());
    }
    if !notices::claim(tx, user.id, NOTICE, ctx.now, ctx.now - QUIET).await? {
        return Ok(());
    }
    let message = Message::SessionLimit { name: user.display_name().to_owned(), most };
    promise_mail(services, ctx, tx, user, message).await?;
    Ok(())
}
