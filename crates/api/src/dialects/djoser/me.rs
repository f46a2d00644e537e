//! `GET, PUT, PATCH, DELETE users/me/`

use axum::Json;
use axum::extract::State;
use http::StatusCode;
use operations::accounts::delete_own;

use super::errors::Djoser;
use super::user::apply;
use super::wire::{Account, DeleteBody, DeleteShape, UpdateBody, UpdateShape};
use crate::kit::{Failure, Front, Reader, SentBy};

type Answered = Result<Json<Account>, Failure<Djoser>>;

/// Read one's own account
#[utoipa::path(
    get, path = "/users/me/", tag = "users",
    responses(
        (status = 200, description = "The account", body = Account),
        (status = 401, description = "No good token"),
    ),
    security(("bearer" = [])),
)]
pub(super) async fn read(Reader(bearer): Reader<Djoser>) -> Json<Account> {
    Json(Account::of(&bearer.user, &bearer.ctx.policy))
}

/// Change one's own account
#[utoipa::path(
    put, path = "/users/me/", tag = "users", request_body = UpdateShape,
    responses(
        (status = 200, description = "The account as it is now", body = Account),
        (status = 400, description = "What is wrong with each field"),
        (status = 401, description = "No good token"),
    ),
    security(("bearer" = [])),
)]
pub(super) async fn replace(front: State<Front>, sent: SentBy<Djoser, UpdateBody>) -> Answered {
    update(front, sent).await
}

/// Change one's own account
#[utoipa::path(
    patch, path = "/users/me/", tag = "users", request_body = UpdateShape,
    responses(
        (status = 200, description = "The account as it is now", body = Account),
        (status = 400, description = "What is wrong with each field"),
        (status = 401, description = "No good token"),
    ),
    security(("bearer" = [])),
)]
pub(super) async fn update(
    State(front): State<Front>,
    sent: SentBy<Djoser, UpdateBody>,
) -> Answered {
    let SentBy { bearer, value } = sent;
    let user = apply(&front, &bearer, &bearer.user, &value).await?;
    Ok(Json(Account::of(&user, &bearer.ctx.policy)))
}

/// Delete one's own account
#[utoipa::path(
    delete, path = "/users/me/", tag = "users", request_body = DeleteShape,
    responses(
        (status = 204, description = "Deleted"),
        (status = 400, description = "The current password is missing or wrong"),
        (status = 401, description = "No good token"),
    ),
    security(("bearer" = [])),
)]
pub(super) async fn delete(
    State(front): State<Front>,
    sent: SentBy<Djoser, DeleteBody>,
) -> Result<StatusCode, Failure<Djoser>> {
    let SentBy { bearer, value: DeleteBody(request) } = sent;
    delete_own(&front.services, &bearer.ctx, &bearer.user, bearer.session.id, &request).await?;
    Ok(StatusCode::NO_CONTENT)
}
