//! `GET, DELETE /me`: oneself.

use axum::Json;
use axum::extract::State;
use http::StatusCode;
use operations::accounts::delete_own;

use super::errors::NewDialect;
use super::wire::Account;
use crate::kit::fastapi::{DeleteOwnBody, Detail};
use crate::kit::{Bearer, Failure, Front, Reader, StrayBody};

/// Read one's own account
#[utoipa::path(
    get, path = "/me", tag = "accounts",
    responses(
        (status = 200, description = "The account", body = Account),
        (status = 401, description = "No good token", body = Detail),
    ),
    security(("bearer" = [])),
)]
pub(super) async fn read(Reader(bearer): Reader<NewDialect>) -> Json<Account> {
    Json(Account::from(&*bearer.user))
}

/// Delete one's own account
#[utoipa::path(
    delete, path = "/me", tag = "accounts",
    responses(
        (status = 204, description = "Deleted"),
        (status = 401, description = "No good token", body = Detail),
    ),
    security(("bearer" = [])),
)]
pub(super) async fn delete(
    State(front): State<Front>,
    bearer: Bearer<NewDialect>,
    body: StrayBody<NewDialect, DeleteOwnBody>,
) -> Result<StatusCode, Failure<NewDialect>> {
    let StrayBody { value: DeleteOwnBody(request), .. } = &body;
    delete_own(&front.services, &bearer.ctx, &bearer.user, bearer.session.id, request).await?;
    Ok(StatusCode::NO_CONTENT)
}
