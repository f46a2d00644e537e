//! Who is this? From an access token to an account and its session.

use domain::refusal::TokenDefect;
use domain::token::SecretToken;
use domain::{Actor, Refusal, Session, User};
use storage::{sessions, users};

use crate::context::Context;
use crate::error::Result;
use crate::services::Services;
use crate::tokens::{learn_key, verify_access};

/// Somebody with a live session.
#[derive(Clone, Debug)]
pub struct Authenticated {
    pub user: User,
    pub session: Session,
}

/// Refuses, in this order: what is not a good token, an account that is gone, one that is
/// blocked, a session that is over.
pub async fn authenticate(
    services: &Services,
    ctx: &Context,
    token: &SecretToken,
) -> Result<Authenticated> {
    learn_key(services, token).await?;
    let claims = verify_access(&services.keys, token, ctx.now)?;
    let mut read = services.store.read().await?;
    let user = users::find(&mut read, claims.user_id).await?;
    let user = user.ok_or(Refusal::AccountGone)?;
    user.ensure_active()?;
    let session = sessions::find(&mut read, claims.session_id).await?;
    let session = session
        .filter(|session| session.user_id == user.id && session.is_live(ctx.now))
        .ok_or(Refusal::InvalidToken(TokenDefect::Revoked))?;
    Ok(Authenticated { user, session })
}

impl Authenticated {
    /// The context of what this person asks for.
    pub fn context(&self, ctx: &Context) -> Context {
        let session_surface = Some(self.session.surface);
        Context { session_surface, ..ctx.acting_as(Actor::User(self.user.id)) }
    }
}
