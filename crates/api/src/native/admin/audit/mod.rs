//! `GET /api/v1/admin/audit`, `GET /api/v1/admin/users/{id}/audit`: the audit trail.

mod query;
mod view;

use axum::Json;
use axum::extract::State;
use domain::UserId;
use operations::audit::{list, list_of};
use utoipa_axum::routes;

use self::query::AuditQuery;
pub(in crate::native) use self::view::EntryView;
use self::view::TrailView;
use crate::kit::{Bearer, Failure, Front, Routes};
use crate::native::path_ids::PathIds;
use crate::native::problem::{Native, PROBLEM, Problem};

pub(super) fn add(routes: Routes<Native>) -> Routes<Native> {
    routes.add(routes!(list_audit)).add(routes!(list_audit_of))
}

/// Read the audit trail
///
/// What changed and what administrators asked for, the newest first. Nothing changes or removes an
/// entry; when an account is erased, what was personal in its entries goes with it.
#[utoipa::path(
    get, path = "/api/v1/admin/audit", tag = "administration",
    params(
        ("actor" = Option<Uuid>, Query, description = "The account or service that did it"),
        ("target" = Option<Uuid>, Query, description = "The account that it is about"),
        ("action" = Option<String>, Query, description = "The name of a call or the type of an event; * stands for anything", example = "users.*"),
        ("since" = Option<String>, Query, description = "Not earlier, to the millisecond", example = "2026-11-20T18:45:00Z"),
        ("until" = Option<String>, Query, description = "Earlier than this"),
        ("cursor" = Option<Uuid>, Query, description = "The next of the page before"),
        ("limit" = Option<i64>, Query, minimum = 1, maximum = 200, description = "50 unless given"),
    ),
    security(("bearer" = []), ("cookie" = [])),
    responses(
        (status = 200, description = "A page of it", body = TrailView),
        (status = 401, description = "No good token", body = Problem, content_type = PROBLEM),
        (status = 403, description = "This needs the permission audit:read", body = Problem, content_type = PROBLEM),
        (status = 422, description = "A parameter is not as it should be", body = Problem, content_type = PROBLEM),
        (status = 429, description = "Asked too often; see Retry-After", body = Problem, content_type = PROBLEM),
    ),
)]
async fn list_audit(
    State(front): State<Front>,
    Bearer { ctx, .. }: Bearer<Native>,
    AuditQuery(question): AuditQuery,
) -> Result<Json<TrailView>, Failure<Native>> {
    let page = list(&front.services, &ctx, &question).await?;
    Ok(Json(TrailView::from(&page)))
}

/// Read the audit trail of one account
///
/// Erased accounts have one, too: without what was personal.
#[utoipa::path(
    get, path = "/api/v1/admin/users/{id}/audit", tag = "administration",
    params(
        ("id" = Uuid, Path),
        ("actor" = Option<Uuid>, Query, description = "The account or service that did it"),
        ("action" = Option<String>, Query, description = "The name of a call or the type of an event; * stands for anything", example = "users.*"),
        ("since" = Option<String>, Query, description = "Not earlier, to the millisecond", example = "2026-11-20T18:45:00Z"),
        ("until" = Option<String>, Query, description = "Earlier than this"),
        ("cursor" = Option<Uuid>, Query, description = "The next of the page before"),
        ("limit" = Option<i64>, Query, minimum = 1, maximum = 200, description = "50 unless given"),
    ),
    security(("bearer" = []), ("cookie" = [])),
    responses(
        (status = 200, description = "A page of it", body = TrailView),
        (status = 401, description = "No good token", body = Problem, content_type = PROBLEM),
        (status = 403, description = "This needs the permission audit:read", body = Problem, content_type = PROBLEM),
        (status = 404, description = "There never was such an account", body = Problem, content_type = PROBLEM),
        (status = 422, description = "A parameter is not as it should be", body = Problem, content_type = PROBLEM),
        (status = 429, description = "Asked too often; see Retry-After", body = Problem, content_type = PROBLEM),
    ),
)]
async fn list_audit_of(
    State(front): State<Front>,
    Bearer { ctx, .. }: Bearer<Native>,
    ids: PathIds<1>,
    AuditQuery(question): AuditQuery,
) -> Result<Json<TrailView>, Failure<Native>> {
    let PathIds([id]) = ids;
    let page = list_of(&front.services, &ctx, UserId(id), &question).await?;
    Ok(Json(TrailView::from(&page)))
}
