//! `POST /register`

use axum::Json;
use axum::extract::State;
use http::StatusCode;

use super::errors::NewDialect;
use super::wire::{Account, RegisterBody, RegisterShape};
use crate::kit::fastapi::{Detail, ValidationDetail};
use crate::kit::{Body, Caller, Failure, Front};

/// Register
#[utoipa::path(
    post, path = "/register", tag = "accounts", request_body = RegisterShape,
    responses(
        (status = 201, description = "Registered", body = Account),
        (status = 409, description = "The username or the e-mail address is taken", body = Detail),
        (status = 422, description = "Fields break rules", body = ValidationDetail),
    ),
)]
pub(super) async fn register(
    State(front): State<Front>,
    Caller { ctx, .. }: Caller<NewDialect>,
    body: Body<NewDialect, RegisterBody>,
) -> Result<(StatusCode, Json<Account>), Failure<NewDialect>> {
    let user = operations::accounts::register(&front.services, &ctx, &body.value.0).await?;
    Ok((StatusCode::CREATED, Json(Account::from(&user))))
}
