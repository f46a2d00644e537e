//! `POST /authorization/`, `POST /authorization/verification`

use axum::Json;
use axum::extract::State;
use axum::response::AppendHeaders;
use domain::{Identifier, Refusal};
use http::{HeaderName, HeaderValue};
use operations::flows::{begin_sign_in, confirm_sign_in};
use operations::sessions::SignIn;
use operations::{Context, Error};

use super::errors::{MailedCodes, bad, forbidden};
use super::texts;
use super::wire::{Authorization, Code, Key, Message, SignedIn, Step};
use crate::kit::fastapi::ValidationDetail;
use crate::kit::flow_key::{FlowKey, FlowKeyHeader, hand_out, take_back};
use crate::kit::{ApiSettings, Body, Caller, Failure, Front, set_cookie};

const REMEMBER_FOR: i64 = 30 * 24 * 60 * 60;

/// Sign in by the password: a code is mailed
#[utoipa::path(
    post, path = "/authorization/", tag = "authorization", request_body = Authorization,
    responses(
        (status = 200, description = "The code was mailed", body = Key),
        (status = 400, description = "A wrong login or password", body = Message),
        (status = 403, description = "No mail signs in, in the profile `nist` of passwords", body = Message),
        (status = 422, description = "Fields are missing", body = ValidationDetail),
    ),
)]
pub(super) async fn begin(
    State(front): State<Front>,
    Caller { ctx, .. }: Caller<MailedCodes>,
    body: Body<MailedCodes, Authorization>,
) -> Result<Step<Key>, Failure<MailedCodes>> {
    let identifier = Identifier::recognise(&body.value.login);
    let request = SignIn { identifier, password: body.value.password() };
    let begun = begin_sign_in(&front.services, &ctx, &request).await;
    let key = begun.map_err(|error| say_one_thing(&ctx, error))?;
    let remembered = body.value.remember_me.then(|| remember_me(&front.settings)).flatten();
    let headers = hand_out(&key, &front.settings).into_iter().chain(remembered).collect();
    Ok((AppendHeaders(headers), Json(Key { key: body.value.login })))
}

/// Show the code: a token is handed out
#[utoipa::path(
    post, path = "/authorization/verification", tag = "authorization", request_body = Code,
    params(FlowKeyHeader),
    responses(
        (status = 200, description = "Signed in", body = SignedIn),
        (status = 400, description = "A wrong code, or no password before it", body = Message),
        (status = 422, description = "Fields are missing", body = ValidationDetail),
    ),
)]
pub(super) async fn verify(
    State(front): State<Front>,
    Caller { ctx, .. }: Caller<MailedCodes>,
    flow: FlowKey<MailedCodes>,
    body: Body<MailedCodes, Code>,
) -> Result<Step<SignedIn>, Failure<MailedCodes>> {
    let signed_in = confirm_sign_in(&front.services, &ctx, flow.key(), &body.value.code).await?;
    let token = signed_in.tokens.access.token.reveal().to_owned();
    let view = SignedIn { message: texts::SIGNED_IN, token };
    Ok((AppendHeaders(take_back(&front.settings)), Json(view)))
}

/// Of names that nobody has the original says the same here, and something else where a password is
/// recovered. Where no mail signs in, it is not the account that lacks an address (OTP-16).
fn say_one_thing(ctx: &Context, error: Error) -> Failure<MailedCodes> {
    match error {
        Error::Refused(refusal @ Refusal::UserNotFound) => {
            Failure::worded(&refusal, bad(texts::WRONG_CREDENTIALS))
        }
        Error::Refused(refusal @ Refusal::ChannelMissing) if !ctx.policy.allows_email_sign_in => {
            Failure::worded(&refusal, forbidden(texts::NO_SIGN_IN_BY_MAIL))
        }
        error @ (Error::Refused(_) | Error::Fault(_)) => error.into(),
    }
}

fn remember_me(settings: &ApiSettings) -> Option<(HeaderName, HeaderValue)> {
    set_cookie("remember_me", "true", REMEMBER_FOR, settings)
}
