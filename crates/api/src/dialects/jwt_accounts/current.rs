//! `GET, PATCH, DELETE /users`: oneself.

use axum::Json;
use axum::extract::State;
use http::StatusCode;
use operations::accounts::{delete_own, update_own};

use super::errors::JwtAccounts;
use super::wire::{Account, UpdateBody, UpdateShape};
use crate::kit::fastapi::{DeleteOwnBody, Detail, ValidationDetail};
use crate::kit::{Bearer, Failure, Front, Reader, SentBy, StrayBody};

/// Read one's own account
#[utoipa::path(
    get, path = "/users", tag = "users",
    responses(
        (status = 200, description = "The account", body = Account),
        (status = 401, description = "No good token, or a blocked account", body = Detail),
    ),
    security(("bearer" = [])),
)]
pub(super) async fn read(Reader(bearer): Reader<JwtAccounts>) -> Json<Account> {
    Json(Account::from(&*bearer.user))
}

/// Change one's own account
#[utoipa::path(
    patch, path = "/users", tag = "users", request_body = UpdateShape,
    responses(
        (status = 200, description = "The account as it is now", body = Account),
        (status = 401, description = "No good token, or a blocked account", body = Detail),
        (status = 409, description = "The username or the e-mail address is taken", body = Detail),
        (status = 422, description = "Fields break rules", body = ValidationDetail),
    ),
    security(("bearer" = [])),
)]
pub(super) async fn update(
    State(front): State<Front>,
    sent: SentBy<JwtAccounts, UpdateBody>,
) -> Result<Json<Account>, Failure<JwtAccounts>> {
    let SentBy { bearer, value: UpdateBody(request) } = sent;
    let session = bearer.session.id;
    let user = update_own(&front.services, &bearer.ctx, &bearer.user, session, &request).await?;
    Ok(Json(Account::from(&user)))
}

/// Delete one's own account
#[utoipa::path(
    delete, path = "/users", tag = "users",
    responses(
        (status = 204, description = "Deleted"),
        (status = 401, description = "No good token, or a blocked account", body = Detail),
    ),
    security(("bearer" = [])),
)]
pub(super) async fn delete(
    State(front): State<Front>,
    bearer: Bearer<JwtAccounts>,
    body: StrayBody<JwtAccounts, DeleteOwnBody>,
) -> Result<StatusCode, Failure<JwtAccounts>> {
    let StrayBody { value: DeleteOwnBody(request), .. } = &body;
    delete_own(&front.services, &bearer.ctx, &bearer.user, bearer.session.id, request).await?;
    Ok(StatusCode::NO_CONTENT)
}
