//! `GET, PUT, DELETE /users`: oneself.

use axum::Json;
use axum::extract::State;
use http::StatusCode;
use operations::accounts::{delete_own, update_own};

use super::errors::UserManagement;
use super::wire::{Account, Data, ReplaceBody, ReplaceShape};
use crate::kit::fastapi::{DeleteOwnBody, Detail, ValidationDetail};
use crate::kit::{Bearer, Failure, Front, Reader, SentBy, StrayBody};

/// Read one's own account
#[utoipa::path(
    get, path = "/users", tag = "users",
    responses(
        (status = 200, description = "The account", body = Account),
        (status = 401, description = "No good token", body = Detail),
    ),
    security(("bearer" = [])),
)]
pub(super) async fn read(Reader(bearer): Reader<UserManagement>) -> Json<Account> {
    Json(Account::from(&*bearer.user))
}

/// Replace password and e-mail address
#[utoipa::path(
    put, path = "/users", tag = "users", request_body = ReplaceShape,
    responses(
        (status = 200, description = "The account as it is now", body = Data),
        (status = 401, description = "No good token", body = Detail),
        (status = 409, description = "The e-mail address is taken", body = Detail),
        (status = 422, description = "Fields break rules", body = ValidationDetail),
    ),
    security(("bearer" = [])),
)]
pub(super) async fn replace(
    State(front): State<Front>,
    sent: SentBy<UserManagement, ReplaceBody>,
) -> Result<Json<Data>, Failure<UserManagement>> {
    let SentBy { bearer, value: ReplaceBody(request) } = sent;
    let session = bearer.session.id;
    let user = update_own(&front.services, &bearer.ctx, &bearer.user, session, &request).await?;
    Ok(Json(Data::from(&user)))
}

/// Delete one's own account
#[utoipa::path(
    delete, path = "/users", tag = "users",
    responses(
        (status = 204, description = "Deleted"),
        (status = 401, description = "No good token", body = Detail),
    ),
    security(("bearer" = [])),
)]
pub(super) async fn delete(
    State(front): State<Front>,
    bearer: Bearer<UserManagement>,
    body: StrayBody<UserManagement, DeleteOwnBody>,
) -> Result<StatusCode, Failure<UserManagement>> {
    let StrayBody { value: DeleteOwnBody(request), .. } = &body;
    delete_own(&front.services, &bearer.ctx, &bearer.user, bearer.session.id, request).await?;
    Ok(StatusCode::NO_CONTENT)
}
