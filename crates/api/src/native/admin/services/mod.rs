//! `/api/v1/admin/services`: services, for administrators.

mod body;
mod view;

use axum::Json;
use axum::extract::State;
use domain::{Refusal, ServiceAccountId};
use http::StatusCode;
use operations::service_accounts;
use utoipa_axum::routes;

use self::body::{CreateBody, CreateShape};
use self::view::{ServiceSecretView, ServiceView, ServicesView};
use crate::kit::{Body, Failure, Front, OptionalBody, Routes};
use crate::native::admin::managed::{self, Managed};
use crate::native::admin::permitted::{Permitted, ToManageServices};
use crate::native::admin::rotation::{RotationBody, RotationShape};
use crate::native::problem::{Native, PROBLEM, Problem};

type Target = Managed<Service>;

enum Service {}

impl managed::Kind for Service {
    const MISSING: Refusal = Refusal::ServiceNotFound;
}

pub(super) fn add(routes: Routes<Native>) -> Routes<Native> {
    routes.add(routes!(list, create)).add(routes!(read, delete)).add(routes!(rotate))
}

/// List services
#[utoipa::path(
    get, path = "/api/v1/admin/services", tag = "services",
    operation_id = "list_services",
    security(("bearer" = []), ("cookie" = [])),
    responses(
        (status = 200, description = "In the order of their names", body = ServicesView),
        (status = 401, description = "No good token", body = Problem, content_type = PROBLEM),
        (status = 403, description = "Without services:manage", body = Problem, content_type = PROBLEM),
        (status = 429, description = "Asked too often; see Retry-After", body = Problem, content_type = PROBLEM),
    ),
)]
async fn list(
    State(front): State<Front>,
    permitted: Permitted<ToManageServices>,
) -> Result<Json<ServicesView>, Failure<Native>> {
    let services = service_accounts::list(&front.services, &permitted.ctx).await?;
    Ok(Json(ServicesView { services: services.iter().map(ServiceView::from).collect() }))
}

/// Make a service
///
/// The secret is shown this once; what is kept of it is a digest.
#[utoipa::path(
    post, path = "/api/v1/admin/services", tag = "services", request_body = CreateShape,
    operation_id = "create_service",
    security(("bearer" = []), ("cookie" = [])),
    responses(
        (status = 201, description = "Made", body = ServiceSecretView),
        (status = 401, description = "No good token, or one from another surface", body = Problem, content_type = PROBLEM),
        (status = 403, description = "Without services:manage, or a sign-in long ago", body = Problem, content_type = PROBLEM),
        (status = 409, description = "Another service has this name", body = Problem, content_type = PROBLEM),
        (status = 422, description = "Fields break rules; nothing was made", body = Problem, content_type = PROBLEM),
        (status = 429, description = "Asked too often; see Retry-After", body = Problem, content_type = PROBLEM),
    ),
)]
async fn create(
    State(front): State<Front>,
    permitted: Permitted<ToManageServices>,
    body: Body<Native, CreateBody>,
) -> Result<(StatusCode, Json<ServiceSecretView>), Failure<Native>> {
    let CreateBody(request) = &body.value;
    let (service, secret) =
        service_accounts::create(&front.services, &permitted.ctx, request).await?;
    Ok((StatusCode::CREATED, Json(ServiceSecretView::new(&service, &secret))))
}

/// Read one service
#[utoipa::path(
    get, path = "/api/v1/admin/services/{id}", tag = "services",
    operation_id = "read_service",
    params(("id" = uuid::Uuid, Path, description = "Its `client_id`")),
    security(("bearer" = []), ("cookie" = [])),
    responses(
        (status = 200, description = "The service", body = ServiceView),
        (status = 401, description = "No good token", body = Problem, content_type = PROBLEM),
        (status = 403, description = "Without services:manage", body = Problem, content_type = PROBLEM),
        (status = 404, description = "No such service", body = Problem, content_type = PROBLEM),
        (status = 429, description = "Asked too often; see Retry-After", body = Problem, content_type = PROBLEM),
    ),
)]
async fn read(
    State(front): State<Front>,
    target: Target,
) -> Result<Json<ServiceView>, Failure<Native>> {
    let service =
        service_accounts::find(&front.services, &target.ctx, ServiceAccountId(target.id)).await?;
    Ok(Json(ServiceView::from(&service)))
}

/// Delete a service
///
/// Its secrets are good no more, and its name is free.
#[utoipa::path(
    delete, path = "/api/v1/admin/services/{id}", tag = "services",
    operation_id = "delete_service",
    params(("id" = uuid::Uuid, Path, description = "Its `client_id`")),
    security(("bearer" = []), ("cookie" = [])),
    responses(
        (status = 204, description = "Deleted"),
        (status = 401, description = "No good token, or one from another surface", body = Problem, content_type = PROBLEM),
        (status = 403, description = "Without services:manage", body = Problem, content_type = PROBLEM),
        (status = 404, description = "No such service", body = Problem, content_type = PROBLEM),
        (status = 429, description = "Asked too often; see Retry-After", body = Problem, content_type = PROBLEM),
    ),
)]
async fn delete(State(front): State<Front>, target: Target) -> Result<StatusCode, Failure<Native>> {
    service_accounts::delete(&front.services, &target.ctx, ServiceAccountId(target.id)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Give a service a new secret
///
/// The secret so far stays good for 24 hours, unless `keep_previous` is false.
#[utoipa::path(
    post, path = "/api/v1/admin/services/{id}/rotate", tag = "services",
    operation_id = "rotate_service",
    params(("id" = uuid::Uuid, Path, description = "Its `client_id`")),
    request_body = Option<RotationShape>,
    security(("bearer" = []), ("cookie" = [])),
    responses(
        (status = 200, description = "The service with its new secret, shown this once", body = ServiceSecretView),
        (status = 401, description = "No good token, or one from another surface", body = Problem, content_type = PROBLEM),
        (status = 403, description = "Without services:manage, or a sign-in long ago", body = Problem, content_type = PROBLEM),
        (status = 404, description = "No such service", body = Problem, content_type = PROBLEM),
        (status = 429, description = "Asked too often; see Retry-After", body = Problem, content_type = PROBLEM),
    ),
)]
async fn rotate(
    State(front): State<Front>,
    target: Target,
    body: OptionalBody<Native, RotationBody>,
) -> Result<Json<ServiceSecretView>, Failure<Native>> {
    let overlap = body.value.overlap(service_accounts::OVERLAP);
    let rotated = service_accounts::rotate(
        &front.services,
        &target.ctx,
        ServiceAccountId(target.id),
        overlap,
    );
    let (service, secret) = rotated.await?;
    Ok(Json(ServiceSecretView::new(&service, &secret)))
}
