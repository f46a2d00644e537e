//! Is this token good? For services that ask with nothing but the token.

use domain::Refusal;
use domain::refusal::TokenDefect;
use domain::token::SecretToken;
use storage::{sessions, users};

use crate::context::Context;
use crate::error::Result;
use crate::services::Services;
use crate::tokens::{Kind, learn_key, verify_jwt};

/// Succeeds for an access token, or a refresh token that is a JWT, of a live session.
pub async fn verify(services: &Services, ctx: &Context, token: &SecretToken) -> Result<()> {
    learn_key(services, token).await?;
    let verified = Kind::ALL
        .into_iter()
        .map(|kind| verify_jwt(&services.keys, kind, token, ctx.now))
        .find(|verified| !matches!(verified, Err(TokenDefect::WrongType)))
        .unwrap_or(Err(TokenDefect::WrongType));
    let verified = verified.and_then(|verified| verified.unexpired(ctx.now));
    let verified = verified.map_err(Refusal::InvalidToken)?;

    let mut read = services.store.read().await?;
    let user = users::find(&mut read, verified.user_id).await?.ok_or(Refusal::AccountGone)?;
    user.ensure_active()?;
    if let Some(minted_at) = verified.roles_version {
        user.ensure_roles_unchanged(minted_at)?;
    }
    let session = sessions::find(&mut read, verified.session_id).await?;
    let is_good = session.is_some_and(|session| {
        let is_current = verified.generation.is_none_or(|of_token| of_token == session.generation);
        session.user_id == user.id && session.is_live(ctx.now) && is_current
    });
    if is_good { Ok(()) } else { Err(Refusal::InvalidToken(TokenDefect::Revoked).into()) }
}
