//! How many sessions an account may have (SES-12, docs/decisions/0018).

use std::time::Duration;

use domain::session::EndReason;
use domain::{Event, Session, User};
use storage::{Tx, notices, sessions};

use crate::context::Context;
use crate::error::Result;
use crate::jobs::promise_mail;
use crate::mail::Message;
use crate::services::Services;

const NOTICE: &str = "session_limit";
/// People who sign in all day long are told once.
const QUIET: Duration = Duration::from_hours(24);

/// Ends the oldest sessions with a refresh token until there is room for one more, those first that
/// others could have made. The account's row is locked by the caller, so that rivals count one after
/// the other.
pub(super) async fn make_room(
    services: &Services,
    ctx: &Context,
    tx: &mut Tx,
    user: &User,
) -> Result<()> {
    let most = services.sessions.max_per_user;
    let mut live = sessions::list_refreshable(tx, user.id, ctx.now).await?;
    live.sort_by_key(|session| !session.is_of_digest());
    let excess = (live.len() + 1).saturating_sub(most);
    let reason = EndReason::Evicted;
    for session in live.into_iter().take(excess) {
        sessions::end(tx, session, reason, ctx.now).await?;
        let event = Event::SessionRevoked { session, reason };
        services.record(ctx, tx, user.id, &event).await?;
    }
    if excess > 0 { tell(services, ctx, tx, user, most).await } else { Ok(()) }
}

/// Whether `adopted` may be one more. Whoever knows the secret of an old service makes as many as he
/// likes and chooses how old each is, so that none of them ends another, and what was ended counts until
/// it runs out: that bounds what is written. The account's row is locked by the caller.
pub(super) async fn has_room(
    services: &Services,
    ctx: &Context,
    tx: &mut Tx,
    user: &User,
    adopted: &Session,
) -> Result<bool> {
    let most = services.sessions.max_per_user;
    let known = sessions::list_unexpired(tx, user.id, ctx.now).await?;
    if known.into_iter().filter(|id| id.is_of_digest()).count() >= most {
        return Ok(false);
    }
    let is_counted = adopted.idle_expires_at.is_some();
    Ok(!is_counted || sessions::list_refreshable(tx, user.id, ctx.now).await?.len() < most)
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
