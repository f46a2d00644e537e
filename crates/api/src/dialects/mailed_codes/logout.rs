//! `POST /logout/`

use axum::Json;
use axum::extract::State;
use domain::Refusal;
use domain::refusal::TokenDefect;
use operations::Error;
use operations::sessions::{SignOut, authenticate, sign_out};

use super::errors::{MailedCodes, bad};
use super::texts;
use super::wire::{Logout, Message};
use crate::kit::{Caller, Credentials, Failure, Front, StrayBody};

/// Sign out: the token is dead at once
#[utoipa::path(
    post, path = "/logout/", tag = "authorization", request_body = Option<Logout>,
    responses(
        (status = 200, description = "Signed out", body = Message),
        (status = 400, description = "No good token", body = Message),
    ),
    security(("bearer" = []), ()),
)]
pub(super) async fn logout(
    State(front): State<Front>,
    Caller { ctx, .. }: Caller<MailedCodes>,
    credentials: Credentials<MailedCodes>,
    body: StrayBody<MailedCodes, Logout>,
) -> Result<Json<Message>, Failure<MailedCodes>> {
    let token = credentials.access?.or_else(|| body.value.token());
    let token = token.ok_or(Refusal::InvalidToken(TokenDefect::Missing))?;
    let caller = authenticate(&front.services, &ctx, &token).await.map_err(say_one_thing)?;
    let ctx = caller.context(&ctx);
    sign_out(&front.services, &ctx, &SignOut { access: Some(token), refresh: None }).await?;
    Ok(Message::of(texts::SIGNED_OUT))
}

/// Whoever is gone or blocked has no good token either, and no other word is known here.
fn say_one_thing(error: Error) -> Failure<MailedCodes> {
    match error {
        Error::Refused(refusal @ (Refusal::AccountGone | Refusal::AccountBlocked)) => {
            Failure::worded(&refusal, bad(texts::BAD_TOKEN))
        }
        error @ (Error::Refused(_) | Error::Fault(_)) => error.into(),
    }
}
