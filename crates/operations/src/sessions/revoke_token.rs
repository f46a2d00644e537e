//! End whatever a token stands for, at the wish of a service (RFC 7009).

use domain::token::SecretToken;

use super::sign_out::{SignOut, sign_out};
use crate::context::Context;
use crate::error::Result;
use crate::services::Services;

/// Ends the session of an access or a refresh token, and with it every token of the session: the
/// bearer is signed out. Without a session of ours there is nothing to end (SES-13).
pub async fn revoke_token(services: &Services, ctx: &Context, token: &SecretToken) -> Result<()> {
    let request = SignOut { access: Some(token.clone()), refresh: Some(token.clone()) };
    sign_out(services, ctx, &request).await
}
