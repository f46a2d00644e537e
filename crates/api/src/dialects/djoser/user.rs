//! `GET, PUT, PATCH, DELETE users/{id}/`

use axum::Json;
use axum::extract::State;
use domain::{Permission, User};
use http::StatusCode;
use operations::accounts::{UpdateVisible, delete_visible, update_visible};
use serde_json::Value;

use super::errors::Djoser;
use super::target::Target;
use super::wire::{Account, DeleteBody, DeleteShape, UpdateBody, UpdateShape};
use crate::kit::{Bearer, Body, Failure, FieldProblem, Front, JsonKind, Rejection, Shape};

type Answered = Result<Json<Account>, Failure<Djoser>>;

/// Read an account that one may see
#[utoipa::path(
    get, path = "/users/{id}/", tag = "users", params(("id" = i64, Path)),
    responses(
        (status = 200, description = "The account", body = Account),
        (status = 401, description = "No good token"),
        (status = 404, description = "No such account, or another's"),
    ),
    security(("bearer" = [])),
)]
pub(super) async fn read(target: Target) -> Json<Account> {
    Json(Account::of(&target.user, &target.bearer.ctx.policy))
}

/// Change an account that one may see
#[utoipa::path(
    put, path = "/users/{id}/", tag = "users", params(("id" = i64, Path)),
    request_body = UpdateShape,
    responses(
        (status = 200, description = "The account as it is now", body = Account),
        (status = 400, description = "What is wrong with each field"),
        (status = 401, description = "No good token"),
        (status = 404, description = "No such account, or another's"),
    ),
    security(("bearer" = [])),
)]
pub(super) async fn replace(
    front: State<Front>,
    target: Target,
    body: Body<Djoser, UpdateBody>,
) -> Answered {
    update(front, target, body).await
}

/// Change an account that one may see
#[utoipa::path(
    patch, path = "/users/{id}/", tag = "users", params(("id" = i64, Path)),
    request_body = UpdateShape,
    responses(
        (status = 200, description = "The account as it is now", body = Account),
        (status = 400, description = "What is wrong with each field"),
        (status = 401, description = "No good token"),
        (status = 404, description = "No such account, or another's"),
    ),
    security(("bearer" = [])),
)]
pub(super) async fn update(
    State(front): State<Front>,
    target: Target,
    body: Body<Djoser, UpdateBody>,
) -> Answered {
    let user = apply(&front, &target.bearer, &target.user, &body.value).await?;
    Ok(Json(Account::of(&user, &target.bearer.ctx.policy)))
}

/// Delete an account that one may see
#[utoipa::path(
    delete, path = "/users/{id}/", tag = "users", params(("id" = i64, Path)),
    request_body = DeleteShape,
    responses(
        (status = 204, description = "Deleted"),
        (status = 400, description = "The current password of whoever asks is missing or wrong"),
        (status = 401, description = "No good token"),
        (status = 404, description = "No such account, or another's"),
    ),
    security(("bearer" = [])),
)]
pub(super) async fn delete(
    State(front): State<Front>,
    target: Target,
    body: Body<Djoser, DeleteBody>,
) -> Result<StatusCode, Failure<Djoser>> {
    let Target { bearer, user } = &target;
    let DeleteBody(request) = &body.value;
    delete_visible(&front.services, &bearer.ctx, &bearer.user, bearer.session.id, user, request)
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Changes `user`, one's own account or another's; `is_active` counts only from administrators.
pub(super) async fn apply(
    front: &Front,
    bearer: &Bearer<Djoser>,
    user: &User,
    body: &UpdateBody,
) -> Result<User, Failure<Djoser>> {
    let Bearer { user: asking, session, ctx, .. } = bearer;
    // To everybody else the field is read only: it is not even read.
    let is_active = match &body.is_active {
        Some(value) if asking.may(Permission::UsersBlock) => Some(read_flag(value)?),
        Some(_) | None => None,
    };
    let is_blocked = is_active.map(|is_active| !is_active);
    let request = UpdateVisible { is_blocked, ..body.request.clone() };
    Ok(update_visible(&front.services, ctx, asking, session.id, user, &request).await?)
}

/// The spellings of Django REST framework's `BooleanField`; numbers were read as their texts.
fn read_flag(value: &Value) -> Result<bool, Rejection> {
    const TRUE: [&str; 7] = ["true", "t", "y", "yes", "on", "1", "1.0"];
    const FALSE: [&str; 7] = ["false", "f", "n", "no", "off", "0", "0.0"];
    let text = match value {
        Value::Bool(flag) => return Ok(*flag),
        Value::String(text) => text.to_lowercase(),
        Value::Null | Value::Number(_) | Value::Array(_) | Value::Object(_) => String::new(),
    };
    if TRUE.contains(&text.as_str()) {
        return Ok(true);
    }
    if FALSE.contains(&text.as_str()) {
        return Ok(false);
    }
    let shape = Shape::WrongType { expected: JsonKind::Boolean, found: JsonKind::of(value) };
    let problems = vec![FieldProblem::new("is_active", shape)];
    Err(Rejection::Fields { problems, sent: Value::Null })
}
