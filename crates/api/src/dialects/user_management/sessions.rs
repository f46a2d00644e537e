//! `POST /users/{login, logout}`

use axum::Json;
use axum::extract::State;
use domain::{Identifier, IdentifierKind};
use http::StatusCode;
use operations::sessions::{SignIn, SignOut, sign_in, sign_out};

use super::errors::UserManagement;
use super::wire::Token;
use crate::kit::fastapi::{Detail, Login, ValidationDetail};
use crate::kit::{Bearer, Body, Caller, Failure, Front};

/// Sign in
#[utoipa::path(
    post, path = "/users/login", tag = "users", request_body = Login,
    responses(
        (status = 200, description = "Signed in", body = Token),
        (status = 401, description = "Wrong password", body = Detail),
        (status = 404, description = "Unknown username, in the profile `compat`", body = Detail),
        (status = 422, description = "Fields are missing", body = ValidationDetail),
    ),
)]
pub(super) async fn login(
    State(front): State<Front>,
    Caller { ctx, .. }: Caller<UserManagement>,
    body: Body<UserManagement, Login>,
) -> Result<Json<Token>, Failure<UserManagement>> {
    let request = SignIn {
        identifier: Identifier::of_kind(IdentifierKind::Username, &body.value.username),
        password: body.value.password(),
    };
    let signed_in = sign_in(&front.services, &ctx, &request).await?;
    Ok(Json(Token::from(&signed_in.tokens)))
}

/// Sign out: the token is dead at once
#[utoipa::path(
    post, path = "/users/logout", tag = "users",
    responses(
        (status = 204, description = "Signed out"),
        (status = 401, description = "No good token", body = Detail),
    ),
    security(("bearer" = [])),
)]
pub(super) async fn logout(
    State(front): State<Front>,
    bearer: Bearer<UserManagement>,
) -> Result<StatusCode, Failure<UserManagement>> {
    let Bearer { ctx, token, .. } = bearer;
    let request = SignOut { access: Some(token), refresh: None };
    sign_out(&front.services, &ctx, &request).await?;
    Ok(StatusCode::NO_CONTENT)
}
