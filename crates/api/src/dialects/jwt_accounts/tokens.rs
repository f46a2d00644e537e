//! `POST /auth/{token, login, refresh}`

use axum::Json;
use axum::extract::State;
use domain::token::SecretToken;
use domain::{Identifier, IdentifierKind, Refusal, TokenDefect};
use operations::sessions::{self, SignIn};
use operations::{Context, Error};

use super::errors::JwtAccounts;
use super::wire::{RefreshBody, TokenPair};
use crate::kit::fastapi::{Detail, FormLogin, JsonOrFormLogin, Login, ValidationDetail};
use crate::kit::{Body, Caller, Failure, Front};

type Answered = Result<Json<TokenPair>, Failure<JwtAccounts>>;

/// Sign in with a form or with JSON
#[utoipa::path(
    post, path = "/auth/token", tag = "auth",
    request_body(content((Login = "application/x-www-form-urlencoded"), (Login = "application/json"))),
    responses(
        (status = 200, description = "Signed in", body = TokenPair),
        (status = 401, description = "Wrong username or password, or a blocked account", body = Detail),
        (status = 422, description = "Fields are missing", body = ValidationDetail),
    ),
)]
pub(super) async fn token(
    State(front): State<Front>,
    Caller { ctx, .. }: Caller<JwtAccounts>,
    body: FormLogin<JwtAccounts>,
) -> Answered {
    sign_in(&front, &ctx, &body.value).await
}

/// Sign in with a form or with JSON
#[utoipa::path(
    post, path = "/auth/login", tag = "auth",
    request_body(content((Login = "application/json"), (Login = "application/x-www-form-urlencoded"))),
    responses(
        (status = 200, description = "Signed in", body = TokenPair),
        (status = 401, description = "Wrong username or password, or a blocked account", body = Detail),
        (status = 422, description = "Fields are missing", body = ValidationDetail),
    ),
)]
pub(super) async fn login(
    State(front): State<Front>,
    Caller { ctx, .. }: Caller<JwtAccounts>,
    body: JsonOrFormLogin<JwtAccounts>,
) -> Answered {
    sign_in(&front, &ctx, &body.value).await
}

/// New tokens for a refresh token
#[utoipa::path(
    post, path = "/auth/refresh", tag = "auth", request_body = RefreshBody,
    responses(
        (status = 200, description = "New tokens; the old refresh token is spent", body = TokenPair),
        (status = 401, description = "No good refresh token", body = Detail),
        (status = 422, description = "The token is missing", body = ValidationDetail),
    ),
)]
pub(super) async fn refresh(
    State(front): State<Front>,
    Caller { ctx, .. }: Caller<JwtAccounts>,
    body: Body<JwtAccounts, RefreshBody>,
) -> Answered {
    let token = SecretToken::new(body.value.refresh_token);
    let tokens = sessions::refresh(&front.services, &ctx, &token).await.map_err(as_bad_token)?;
    TokenPair::try_from(&tokens).map(Json)
}

/// That an account is blocked is said at sign-in; its refresh tokens are simply no good.
fn as_bad_token(error: Error) -> Error {
    match error {
        Error::Refused(Refusal::AccountBlocked) => {
            Refusal::InvalidToken(TokenDefect::Revoked).into()
        }
        error @ (Error::Refused(_) | Error::Fault(_)) => error,
    }
}

async fn sign_in(front: &Front, ctx: &Context, login: &Login) -> Answered {
    let request = SignIn {
        identifier: Identifier::of_kind(IdentifierKind::Username, &login.username),
        password: login.password(),
    };
    let signed_in = sessions::sign_in(&front.services, ctx, &request).await?;
    TokenPair::try_from(&signed_in.tokens).map(Json)
}
