//! `/api/v1/admin/roles`: what people may be, and what that permits.

mod body;
mod view;

use axum::Json;
use axum::extract::State;
use http::StatusCode;
use operations::roles;
use utoipa_axum::routes;

use self::body::{CreateBody, Named, NewRoleShape, RoleUpdateShape, UpdateBody};
use self::view::{RoleView, RolesView};
use super::flag::{Flag, Force};
use super::permitted::{Permitted, ToDefine, ToRead};
use crate::kit::{Body, Failure, Front, Routes};
use crate::native::problem::{Native, PROBLEM, Problem};

pub(super) fn add(routes: Routes<Native>) -> Routes<Native> {
    routes.add(routes!(list_roles, create_role)).add(routes!(read_role, update_role, delete_role))
}

/// List roles
#[utoipa::path(
    get, path = "/api/v1/admin/roles", tag = "administration",
    security(("bearer" = []), ("cookie" = [])),
    responses(
        (status = 200, description = "In the order of their names", body = RolesView),
        (status = 401, description = "No good token", body = Problem, content_type = PROBLEM),
        (status = 403, description = "Without users:read", body = Problem, content_type = PROBLEM),
        (status = 429, description = "Asked too often; see Retry-After", body = Problem, content_type = PROBLEM),
    ),
)]
async fn list_roles(
    State(front): State<Front>,
    Permitted { ctx, .. }: Permitted<ToRead>,
) -> Result<Json<RolesView>, Failure<Native>> {
    let listed = roles::list(&front.services, &ctx).await?;
    Ok(Json(RolesView { roles: listed.iter().map(RoleView::from).collect() }))
}

/// Make a role
///
/// Nobody makes one that permits more than he may.
#[utoipa::path(
    post, path = "/api/v1/admin/roles", tag = "administration", request_body = NewRoleShape,
    security(("bearer" = []), ("cookie" = [])),
    responses(
        (status = 201, description = "Made", body = RoleView),
        (status = 401, description = "No good token, or one from another surface", body = Problem, content_type = PROBLEM),
        (status = 403, description = "Without roles:manage, or what it permits, or a sign-in long ago", body = Problem, content_type = PROBLEM),
        (status = 409, description = "Another role has this name", body = Problem, content_type = PROBLEM),
        (status = 422, description = "Fields break rules; nothing was made", body = Problem, content_type = PROBLEM),
        (status = 429, description = "Asked too often; see Retry-After", body = Problem, content_type = PROBLEM),
    ),
)]
async fn create_role(
    State(front): State<Front>,
    Permitted { ctx, .. }: Permitted<ToDefine>,
    body: Body<Native, CreateBody>,
) -> Result<(StatusCode, Json<RoleView>), Failure<Native>> {
    let CreateBody(request) = &body.value;
    let role = roles::create(&front.services, &ctx, request).await?;
    Ok((StatusCode::CREATED, Json(RoleView::from(&role))))
}

/// Read one role
#[utoipa::path(
    get, path = "/api/v1/admin/roles/{role}", tag = "administration",
    params(("role" = String, Path, description = "Its name")),
    security(("bearer" = []), ("cookie" = [])),
    responses(
        (status = 200, description = "The role", body = RoleView),
        (status = 401, description = "No good token", body = Problem, content_type = PROBLEM),
        (status = 403, description = "Without users:read", body = Problem, content_type = PROBLEM),
        (status = 404, description = "There is no such role", body = Problem, content_type = PROBLEM),
        (status = 429, description = "Asked too often; see Retry-After", body = Problem, content_type = PROBLEM),
    ),
)]
async fn read_role(
    State(front): State<Front>,
    Permitted { ctx, .. }: Permitted<ToRead>,
    Named(name): Named,
) -> Result<Json<RoleView>, Failure<Native>> {
    let role = roles::find(&front.services, &ctx, &name).await?;
    Ok(Json(RoleView::from(&role)))
}

/// Change a role
///
/// Everybody who has it may do at once what it permits then, and nothing else.
#[utoipa::path(
    patch, path = "/api/v1/admin/roles/{role}", tag = "administration", request_body = RoleUpdateShape,
    params(("role" = String, Path, description = "Its name")),
    security(("bearer" = []), ("cookie" = [])),
    responses(
        (status = 200, description = "The role as it is now", body = RoleView),
        (status = 401, description = "No good token, or one from another surface", body = Problem, content_type = PROBLEM),
        (status = 403, description = "Without roles:manage, or what it permits, or a sign-in long ago", body = Problem, content_type = PROBLEM),
        (status = 404, description = "There is no such role", body = Problem, content_type = PROBLEM),
        (status = 409, description = "`admin` keeps what it permits", body = Problem, content_type = PROBLEM),
        (status = 422, description = "Fields break rules; nothing was changed", body = Problem, content_type = PROBLEM),
        (status = 429, description = "Asked too often; see Retry-After", body = Problem, content_type = PROBLEM),
    ),
)]
async fn update_role(
    State(front): State<Front>,
    Permitted { ctx, .. }: Permitted<ToDefine>,
    Named(name): Named,
    body: Body<Native, UpdateBody>,
) -> Result<Json<RoleView>, Failure<Native>> {
    let UpdateBody(request) = &body.value;
    let role = roles::update(&front.services, &ctx, &name, request).await?;
    Ok(Json(RoleView::from(&role)))
}

/// Delete a role
#[utoipa::path(
    delete, path = "/api/v1/admin/roles/{role}", tag = "administration",
    params(
        ("role" = String, Path, description = "Its name"),
        ("force" = Option<bool>, Query, description = "Also when somebody has it: take it from everybody"),
    ),
    security(("bearer" = []), ("cookie" = [])),
    responses(
        (status = 204, description = "Deleted; nobody has it"),
        (status = 401, description = "No good token, or one from another surface", body = Problem, content_type = PROBLEM),
        (status = 403, description = "Without roles:manage, or what it permits, or a sign-in long ago", body = Problem, content_type = PROBLEM),
        (status = 404, description = "There is no such role", body = Problem, content_type = PROBLEM),
        (status = 409, description = "Somebody has it, or it is built in", body = Problem, content_type = PROBLEM),
        (status = 422, description = "A parameter is not as it should be, or more than 10 000 have it: revoke it from them in bulk first", body = Problem, content_type = PROBLEM),
        (status = 429, description = "Asked too often; see Retry-After", body = Problem, content_type = PROBLEM),
    ),
)]
async fn delete_role(
    State(front): State<Front>,
    Permitted { ctx, .. }: Permitted<ToDefine>,
    Named(name): Named,
    is_forced: Flag<Force>,
) -> Result<StatusCode, Failure<Native>> {
    roles::delete(&front.services, &ctx, &name, is_forced.is_set).await?;
    Ok(StatusCode::NO_CONTENT)
}
