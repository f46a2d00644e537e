//! New tokens for a refresh token (docs/decisions/0007, SES-02…04).

use domain::refusal::TokenDefect;
use domain::session::{EndReason, RefreshStanding};
use domain::token::SecretToken;
use domain::{Actor, Event, Refusal, Session, Status, User};
use storage::{Tx, sessions, users};

use super::open::{Tokens, idle_end, tokens};
use crate::context::Context;
use crate::error::Result;
use crate::services::Services;
use crate::tokens::{PresentedRefresh, is_authentic};

/// What a refresh token came to. A replay is committed before it is refused.
enum Outcome {
    Live(Session),
    Replayed,
}

/// The current token rotates; the one before, within its window, gets the same successor; an
/// older one ends its session, because somebody else holds a copy.
pub async fn refresh(services: &Services, ctx: &Context, token: &SecretToken) -> Result<Tokens> {
    let defect = |defect| Refusal::InvalidToken(defect);
    let presented = PresentedRefresh::parse(token).ok_or(defect(TokenDefect::Malformed))?;
    let outcome = transact!(services, |tx| {
        let session = sessions::find(tx, presented.session_id).await?;
        let session = session
            .filter(|session| is_authentic(&services.keys, session, &presented))
            .ok_or(defect(TokenDefect::BadSignature))?;
        ensure_may_refresh(users::find(tx, session.user_id).await?.as_ref())?;
        step(services, ctx, tx, session, presented.generation).await?
    })?;
    match outcome {
        Outcome::Live(session) => tokens(services, ctx, &session),
        Outcome::Replayed => Err(defect(TokenDefect::Revoked).into()),
    }
}

fn ensure_may_refresh(user: Option<&User>) -> Result<()> {
    match user.map(|user| user.status) {
        Some(Status::Active) => Ok(()),
        Some(Status::Blocked) => Err(Refusal::AccountBlocked.into()),
        Some(Status::Deleted { .. } | Status::Purged) | None => Err(Refusal::AccountGone.into()),
    }
}

async fn step(
    services: &Services,
    ctx: &Context,
    tx: &mut Tx,
    session: Session,
    generation: i64,
) -> Result<Outcome> {
    match session.standing(generation, ctx.now) {
        RefreshStanding::Current => {
            let idle = idle_end(ctx.policy.refresh, ctx.now, session.expires_at);
            if !sessions::rotate(tx, &session, ctx.now, idle).await? {
                // Another request was first: judge this token again in a fresh transaction.
                return Err(storage::Error::Stale.into());
            }
            Ok(Outcome::Live(Session {
                generation: session.generation + 1,
                rotated_at: ctx.now,
                idle_expires_at: Some(idle),
                ..session
            }))
        }
        RefreshStanding::Retransmitted => Ok(Outcome::Live(session)),
        RefreshStanding::Over => Err(Refusal::InvalidToken(TokenDefect::Revoked).into()),
        RefreshStanding::Replayed => {
            users::find_locked(tx, session.user_id).await?;
            sessions::end(tx, session.id, EndReason::RefreshReplayed, ctx.now).await?;
            let ctx = ctx.acting_as(Actor::Anonymous);
            let event = Event::RefreshReplayed { session: session.id };
            services.record(&ctx, tx, session.user_id, &event).await?;
            Ok(Outcome::Replayed)
        }
    }
}
