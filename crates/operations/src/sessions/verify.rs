//! Is this token good? For services that ask with nothing but the token.

use domain::Refusal;
use domain::refusal::TokenDefect;
use domain::token::SecretToken;

use super::authenticate::authenticate_reader;
use super::refresh::find_current;
use crate::context::Context;
use crate::error::{Error, Result};
use crate::services::Services;
use crate::tokens::verify_refresh_jwt;

/// Succeeds for an access token, or a refresh token that is a JWT, of a live session.
pub async fn verify(services: &Services, ctx: &Context, token: &SecretToken) -> Result<()> {
    match authenticate_reader(services, ctx, token).await {
        Err(Error::Refused(Refusal::InvalidToken(TokenDefect::WrongType))) => {
            let presented =
                verify_refresh_jwt(&services.keys, ctx.policy.takes_secrets_of, token, ctx.now);
            let presented = presented.map_err(Refusal::InvalidToken)?;
            find_current(services, ctx, &presented).await.map(drop)
        }
        outcome => outcome.map(drop),
    }
}
