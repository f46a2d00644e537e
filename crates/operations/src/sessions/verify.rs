//! Is this token good? For services that ask with nothing but the token.

use domain::Refusal;
use domain::refusal::TokenDefect;
use domain::token::SecretToken;

use super::authenticate::authenticate_reader;
use super::refresh::{find_current, read_refresh};
use crate::context::Context;
use crate::error::{Error, Result};
use crate::services::Services;

/// Succeeds for an access token, or a refresh token that is a JWT, of a live session.
pub async fn verify(services: &Services, ctx: &Context, token: &SecretToken) -> Result<()> {
    match authenticate_reader(services, ctx, token).await {
        Err(Error::Refused(Refusal::InvalidToken(TokenDefect::WrongType))) => {
            let presented = read_refresh(services, ctx, token).await?;
            find_current(services, ctx, &presented).await.map(drop)
        }
        outcome => outcome.map(drop),
    }
}
