//! `POST /users`

use axum::Json;
use axum::extract::State;
use http::StatusCode;

use super::errors::JwtAccounts;
use super::wire::{Account, RegisterBody, RegisterShape};
use crate::kit::fastapi::{Detail, ValidationDetail};
use crate::kit::{Body, Caller, Failure, Front};

/// Register
#[utoipa::path(
    post, path = "/users", tag = "users", request_body = RegisterShape,
    responses(
        (status = 201, description = "Registered", body = Account),
        (status = 409, description = "The username or the e-mail address is taken", body = Detail),
        (status = 422, description = "Fields break rules", body = ValidationDetail),
    ),
)]
pub(super) async fn register(
    State(front): State<Front>,
    Caller { ctx, .. }: Caller<JwtAccounts>,
    body: Body<JwtAccounts, RegisterBody>,
) -> Result<(StatusCode, Json<Account>), Failure<JwtAccounts>> {
    let user = operations::accounts::register(&front.services, &ctx, &body.value.0).await?;
    Ok((StatusCode::CREATED, Json(Account::from(&user))))
}
