//! `POST jwt/{create, refresh, verify}/` and `POST logout/`

use axum::Json;
use axum::extract::State;
use domain::token::SecretToken;
use domain::{Identifier, Password, Refusal};
use operations::Error;
use operations::sessions::{self, SignIn, Tokens};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::errors::DjoserJwt;
use crate::kit::{Body, Caller, Dialect, Failure, Fields, FromFields, Front};

#[derive(Deserialize, ToSchema)]
pub(super) struct CreateToken {
    /// A username, an e-mail address or a phone number.
    username: String,
    #[schema(format = Password)]
    password: String,
}

#[derive(Deserialize, ToSchema)]
pub(super) struct RefreshBody {
    refresh: String,
}

#[derive(Deserialize, ToSchema)]
pub(super) struct VerifyBody {
    token: String,
}

#[derive(Serialize, ToSchema)]
pub(super) struct TokenPair {
    refresh: String,
    access: String,
}

#[derive(Serialize, ToSchema)]
pub(super) struct Refreshed {
    access: String,
    /// Where refresh tokens rotate.
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh: Option<String>,
}

/// `{}`
#[derive(Serialize, ToSchema)]
pub(super) struct Nothing {}

impl FromFields for CreateToken {
    fn from_fields(fields: &mut Fields) -> Self {
        Self {
            username: fields.required_text("username"),
            password: fields.required_text("password"),
        }
    }
}

impl FromFields for RefreshBody {
    fn from_fields(fields: &mut Fields) -> Self {
        Self { refresh: fields.required_text("refresh") }
    }
}

impl FromFields for VerifyBody {
    fn from_fields(fields: &mut Fields) -> Self {
        Self { token: fields.required_text("token") }
    }
}

/// Sign in
#[utoipa::path(
    post, path = "/jwt/create/", tag = "jwt", request_body = CreateToken,
    responses(
        (status = 200, description = "Signed in", body = TokenPair),
        (status = 400, description = "What is wrong with each field"),
        (status = 401, description = "No active account with this name and password"),
    ),
)]
pub(super) async fn create(
    State(front): State<Front>,
    Caller { ctx, .. }: Caller<DjoserJwt>,
    body: Body<DjoserJwt, CreateToken>,
) -> Result<Json<TokenPair>, Failure<DjoserJwt>> {
    let request = SignIn {
        identifier: Identifier::recognise(&body.value.username),
        password: Password::new(&body.value.password),
    };
    let signed_in = sessions::sign_in(&front.services, &ctx, &request).await;
    let tokens = signed_in.map_err(no_active_account)?.tokens;
    let refresh = text_of_refresh(&tokens)
        .ok_or_else(|| Failure::broken("a sign-in gave no refresh token"))?;
    Ok(Json(TokenPair { refresh, access: tokens.access.token.reveal().to_owned() }))
}

/// A new access token for a refresh token
#[utoipa::path(
    post, path = "/jwt/refresh/", tag = "jwt", request_body = RefreshBody,
    responses(
        (status = 200, description = "A new token", body = Refreshed),
        (status = 400, description = "What is wrong with each field"),
        (status = 401, description = "No good refresh token"),
    ),
)]
pub(super) async fn refresh(
    State(front): State<Front>,
    Caller { ctx, .. }: Caller<DjoserJwt>,
    body: Body<DjoserJwt, RefreshBody>,
) -> Result<Json<Refreshed>, Failure<DjoserJwt>> {
    let token = SecretToken::new(body.value.refresh);
    let tokens = sessions::refresh(&front.services, &ctx, &token).await?;
    let refresh = text_of_refresh(&tokens);
    Ok(Json(Refreshed { access: tokens.access.token.reveal().to_owned(), refresh }))
}

/// Whether a token is good
#[utoipa::path(
    post, path = "/jwt/verify/", tag = "jwt", request_body = VerifyBody,
    responses(
        (status = 200, description = "It is", body = Nothing),
        (status = 400, description = "What is wrong with each field"),
        (status = 401, description = "It is not"),
    ),
)]
pub(super) async fn verify(
    State(front): State<Front>,
    Caller { ctx, .. }: Caller<DjoserJwt>,
    body: Body<DjoserJwt, VerifyBody>,
) -> Result<Json<Nothing>, Failure<DjoserJwt>> {
    sessions::verify(&front.services, &ctx, &SecretToken::new(body.value.token)).await?;
    Ok(Json(Nothing {}))
}

/// Sign out: the refresh token is blacklisted, and with it its whole session
#[utoipa::path(
    post, path = "/logout/", tag = "jwt", request_body = RefreshBody,
    responses(
        (status = 200, description = "Signed out", body = Nothing),
        (status = 400, description = "What is wrong with each field"),
        (status = 401, description = "No good refresh token"),
    ),
)]
pub(super) async fn logout(
    State(front): State<Front>,
    Caller { ctx, .. }: Caller<DjoserJwt>,
    body: Body<DjoserJwt, RefreshBody>,
) -> Result<Json<Nothing>, Failure<DjoserJwt>> {
    let token = SecretToken::new(body.value.refresh);
    sessions::spend_refresh(&front.services, &ctx, &token).await?;
    Ok(Json(Nothing {}))
}

fn text_of_refresh(tokens: &Tokens) -> Option<String> {
    tokens.refresh.as_ref().map(|refresh| refresh.token.reveal().to_owned())
}

/// An account that is blocked or was not activated is no active one, and that is all that is said.
fn no_active_account(error: Error) -> Failure<DjoserJwt> {
    match error {
        Error::Refused(refusal @ (Refusal::AccountBlocked | Refusal::AccountUnverified)) => {
            Failure::worded(&refusal, DjoserJwt::refuse(&Refusal::InvalidCredentials))
        }
        error @ (Error::Refused(_) | Error::Fault(_)) => error.into(),
    }
}
