//! `/api/v1/admin/webhooks`: where events are sent, for administrators.

mod body;
mod view;

use axum::Json;
use axum::extract::State;
use domain::Refusal;
use http::StatusCode;
use operations::webhooks;
use utoipa_axum::routes;

use self::body::{CreateBody, NewWebhookShape, UpdateBody, WebhookUpdateShape};
use self::view::{WebhookSecretView, WebhookView, WebhooksView};
use crate::kit::{Body, Failure, Front, OptionalBody, Routes};
use crate::native::admin::managed::{self, Managed};
use crate::native::admin::permitted::{Permitted, ToManageServices};
use crate::native::admin::rotation::{RotationBody, RotationShape};
use crate::native::problem::{Native, PROBLEM, Problem};

type Target = Managed<Webhook>;

enum Webhook {}

impl managed::Kind for Webhook {
    const MISSING: Refusal = Refusal::WebhookNotFound;
}

pub(super) fn add(routes: Routes<Native>) -> Routes<Native> {
    routes
        .add(routes!(list, create))
        .add(routes!(read, update, delete))
        .add(routes!(rotate))
        .add(routes!(pause))
        .add(routes!(resume))
}

/// List webhooks
#[utoipa::path(
    get, path = "/api/v1/admin/webhooks", tag = "webhooks",
    operation_id = "list_webhooks",
    security(("bearer" = []), ("cookie" = [])),
    responses(
        (status = 200, description = "In the order in which they were made", body = WebhooksView),
        (status = 401, description = "No good token", body = Problem, content_type = PROBLEM),
        (status = 403, description = "Without services:manage", body = Problem, content_type = PROBLEM),
        (status = 429, description = "Asked too often; see Retry-After", body = Problem, content_type = PROBLEM),
    ),
)]
async fn list(
    State(front): State<Front>,
    permitted: Permitted<ToManageServices>,
) -> Result<Json<WebhooksView>, Failure<Native>> {
    let webhooks = webhooks::list(&front.services, &permitted.ctx).await?;
    Ok(Json(WebhooksView { webhooks: webhooks.iter().map(WebhookView::from).collect() }))
}

/// Have events sent to an address
///
/// Those that happen from now on, one at a time and in order, signed as the Standard Webhooks
/// specification has it. The secret is shown this once.
#[utoipa::path(
    post, path = "/api/v1/admin/webhooks", tag = "webhooks",
    operation_id = "create_webhook",
    request_body = NewWebhookShape,
    security(("bearer" = []), ("cookie" = [])),
    responses(
        (status = 201, description = "Made", body = WebhookSecretView),
        (status = 401, description = "No good token, or one from another surface", body = Problem, content_type = PROBLEM),
        (status = 403, description = "Without services:manage, or a sign-in long ago", body = Problem, content_type = PROBLEM),
        (status = 422, description = "Fields break rules; nothing was made", body = Problem, content_type = PROBLEM),
        (status = 429, description = "Asked too often; see Retry-After", body = Problem, content_type = PROBLEM),
    ),
)]
async fn create(
    State(front): State<Front>,
    permitted: Permitted<ToManageServices>,
    body: Body<Native, CreateBody>,
) -> Result<(StatusCode, Json<WebhookSecretView>), Failure<Native>> {
    let CreateBody(request) = &body.value;
    let (webhook, secret) = webhooks::create(&front.services, &permitted.ctx, request).await?;
    Ok((StatusCode::CREATED, Json(WebhookSecretView::new(&webhook, &secret))))
}

/// Read one webhook
#[utoipa::path(
    get, path = "/api/v1/admin/webhooks/{id}", tag = "webhooks",
    operation_id = "read_webhook",
    params(("id" = uuid::Uuid, Path, description = "Its id")),
    security(("bearer" = []), ("cookie" = [])),
    responses(
        (status = 200, description = "The webhook", body = WebhookView),
        (status = 401, description = "No good token", body = Problem, content_type = PROBLEM),
        (status = 403, description = "Without services:manage", body = Problem, content_type = PROBLEM),
        (status = 404, description = "No such webhook", body = Problem, content_type = PROBLEM),
        (status = 429, description = "Asked too often; see Retry-After", body = Problem, content_type = PROBLEM),
    ),
)]
async fn read(
    State(front): State<Front>,
    target: Target,
) -> Result<Json<WebhookView>, Failure<Native>> {
    let webhook = webhooks::find(&front.services, &target.ctx, target.id).await?;
    Ok(Json(WebhookView::from(&webhook)))
}

/// Send events elsewhere, or other ones
///
/// From the next event on.
#[utoipa::path(
    patch, path = "/api/v1/admin/webhooks/{id}", tag = "webhooks",
    operation_id = "update_webhook",
    params(("id" = uuid::Uuid, Path, description = "Its id")),
    request_body = WebhookUpdateShape,
    security(("bearer" = []), ("cookie" = [])),
    responses(
        (status = 200, description = "The webhook as it is now", body = WebhookView),
        (status = 401, description = "No good token, or one from another surface", body = Problem, content_type = PROBLEM),
        (status = 403, description = "Without services:manage, or a sign-in long ago", body = Problem, content_type = PROBLEM),
        (status = 404, description = "No such webhook", body = Problem, content_type = PROBLEM),
        (status = 422, description = "Fields break rules; nothing was changed", body = Problem, content_type = PROBLEM),
        (status = 429, description = "Asked too often; see Retry-After", body = Problem, content_type = PROBLEM),
    ),
)]
async fn update(
    State(front): State<Front>,
    target: Target,
    body: Body<Native, UpdateBody>,
) -> Result<Json<WebhookView>, Failure<Native>> {
    let UpdateBody(request) = &body.value;
    let webhook = webhooks::change(&front.services, &target.ctx, target.id, request).await?;
    Ok(Json(WebhookView::from(&webhook)))
}

/// Send no more events to an address
///
/// What it has not got is forgotten.
#[utoipa::path(
    delete, path = "/api/v1/admin/webhooks/{id}", tag = "webhooks",
    operation_id = "delete_webhook",
    params(("id" = uuid::Uuid, Path, description = "Its id")),
    security(("bearer" = []), ("cookie" = [])),
    responses(
        (status = 204, description = "Deleted"),
        (status = 401, description = "No good token, or one from another surface", body = Problem, content_type = PROBLEM),
        (status = 403, description = "Without services:manage", body = Problem, content_type = PROBLEM),
        (status = 404, description = "No such webhook", body = Problem, content_type = PROBLEM),
        (status = 429, description = "Asked too often; see Retry-After", body = Problem, content_type = PROBLEM),
    ),
)]
async fn delete(State(front): State<Front>, target: Target) -> Result<StatusCode, Failure<Native>> {
    webhooks::delete(&front.services, &target.ctx, target.id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Give a webhook a new secret
///
/// The secret so far signs as well for 24 hours, unless `keep_previous` is false.
#[utoipa::path(
    post, path = "/api/v1/admin/webhooks/{id}/rotate", tag = "webhooks",
    operation_id = "rotate_webhook",
    params(("id" = uuid::Uuid, Path, description = "Its id")),
    request_body = Option<RotationShape>,
    security(("bearer" = []), ("cookie" = [])),
    responses(
        (status = 200, description = "The webhook with its new secret, shown this once", body = WebhookSecretView),
        (status = 401, description = "No good token, or one from another surface", body = Problem, content_type = PROBLEM),
        (status = 403, description = "Without services:manage, or a sign-in long ago", body = Problem, content_type = PROBLEM),
        (status = 404, description = "No such webhook", body = Problem, content_type = PROBLEM),
        (status = 429, description = "Asked too often; see Retry-After", body = Problem, content_type = PROBLEM),
    ),
)]
async fn rotate(
    State(front): State<Front>,
    target: Target,
    body: OptionalBody<Native, RotationBody>,
) -> Result<Json<WebhookSecretView>, Failure<Native>> {
    let overlap = body.value.overlap(webhooks::OVERLAP);
    let rotated = webhooks::rotate(&front.services, &target.ctx, target.id, overlap);
    let (webhook, secret) = rotated.await?;
    Ok(Json(WebhookSecretView::new(&webhook, &secret)))
}

/// Send nothing to an address for a while
///
/// What happens meanwhile is sent afterwards. One that is paused stays so.
#[utoipa::path(
    post, path = "/api/v1/admin/webhooks/{id}/pause", tag = "webhooks",
    operation_id = "pause_webhook",
    params(("id" = uuid::Uuid, Path, description = "Its id")),
    security(("bearer" = []), ("cookie" = [])),
    responses(
        (status = 200, description = "The webhook, paused", body = WebhookView),
        (status = 401, description = "No good token, or one from another surface", body = Problem, content_type = PROBLEM),
        (status = 403, description = "Without services:manage", body = Problem, content_type = PROBLEM),
        (status = 404, description = "No such webhook", body = Problem, content_type = PROBLEM),
        (status = 429, description = "Asked too often; see Retry-After", body = Problem, content_type = PROBLEM),
    ),
)]
async fn pause(
    State(front): State<Front>,
    target: Target,
) -> Result<Json<WebhookView>, Failure<Native>> {
    let webhook = webhooks::pause(&front.services, &target.ctx, target.id).await?;
    Ok(Json(WebhookView::from(&webhook)))
}

/// Send events to an address again
///
/// Beginning with what it has not got.
#[utoipa::path(
    post, path = "/api/v1/admin/webhooks/{id}/resume", tag = "webhooks",
    operation_id = "resume_webhook",
    params(("id" = uuid::Uuid, Path, description = "Its id")),
    security(("bearer" = []), ("cookie" = [])),
    responses(
        (status = 200, description = "The webhook, not paused", body = WebhookView),
        (status = 401, description = "No good token, or one from another surface", body = Problem, content_type = PROBLEM),
        (status = 403, description = "Without services:manage, or a sign-in long ago", body = Problem, content_type = PROBLEM),
        (status = 404, description = "No such webhook", body = Problem, content_type = PROBLEM),
        (status = 429, description = "Asked too often; see Retry-After", body = Problem, content_type = PROBLEM),
    ),
)]
async fn resume(
    State(front): State<Front>,
    target: Target,
) -> Result<Json<WebhookView>, Failure<Native>> {
    let webhook = webhooks::resume(&front.services, &target.ctx, target.id).await?;
    Ok(Json(WebhookView::from(&webhook)))
}
