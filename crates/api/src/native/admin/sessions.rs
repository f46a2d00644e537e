//! `GET, DELETE /api/v1/admin/users/{id}/sessions[/{sid}]`: where others are signed in.

use axum::Json;
use axum::extract::State;
use domain::{SessionId, UserId};
use http::StatusCode;
use operations::sessions::{list_of, revoke_all_of, revoke_of};
use utoipa_axum::routes;

use crate::kit::{Bearer, Failure, Front, Routes};
use crate::native::path_ids::PathIds;
use crate::native::problem::{Native, PROBLEM, Problem};
use crate::native::session_list::SessionsView;

pub(super) fn add(routes: Routes<Native>) -> Routes<Native> {
    routes.add(routes!(list_sessions_of, end_sessions_of)).add(routes!(end_session_of))
}

/// List the sessions of an account
#[utoipa::path(
    get, path = "/api/v1/admin/users/{id}/sessions", tag = "administration",
    params(("id" = Uuid, Path)),
    security(("bearer" = []), ("cookie" = [])),
    responses(
        (status = 200, description = "Where the account is signed in", body = SessionsView),
        (status = 401, description = "No good token", body = Problem, content_type = PROBLEM),
        (status = 403, description = "This needs the permission users:read", body = Problem, content_type = PROBLEM),
        (status = 404, description = "There is no such account", body = Problem, content_type = PROBLEM),
        (status = 429, description = "Asked too often; see Retry-After", body = Problem, content_type = PROBLEM),
    ),
)]
async fn list_sessions_of(
    State(front): State<Front>,
    Bearer { ctx, session, .. }: Bearer<Native>,
    ids: PathIds<1>,
) -> Result<Json<SessionsView>, Failure<Native>> {
    let PathIds([id]) = ids;
    let sessions = list_of(&front.services, &ctx, UserId(id)).await?;
    Ok(Json(SessionsView::new(&sessions, session.id)))
}

/// End every session of an account
#[utoipa::path(
    delete, path = "/api/v1/admin/users/{id}/sessions", tag = "administration",
    params(("id" = Uuid, Path)),
    security(("bearer" = []), ("cookie" = [])),
    responses(
        (status = 204, description = "Every session of the account is over"),
        (status = 401, description = "No good token", body = Problem, content_type = PROBLEM),
        (status = 403, description = "This needs the permission users:block", body = Problem, content_type = PROBLEM),
        (status = 404, description = "There is no such account", body = Problem, content_type = PROBLEM),
        (status = 429, description = "Asked too often; see Retry-After", body = Problem, content_type = PROBLEM),
    ),
)]
async fn end_sessions_of(
    State(front): State<Front>,
    Bearer { ctx, .. }: Bearer<Native>,
    ids: PathIds<1>,
) -> Result<StatusCode, Failure<Native>> {
    let PathIds([id]) = ids;
    revoke_all_of(&front.services, &ctx, UserId(id)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// End one session of an account
#[utoipa::path(
    delete, path = "/api/v1/admin/users/{id}/sessions/{session_id}", tag = "administration",
    params(("id" = Uuid, Path), ("session_id" = Uuid, Path)),
    security(("bearer" = []), ("cookie" = [])),
    responses(
        (status = 204, description = "The session is over, its tokens are dead"),
        (status = 401, description = "No good token", body = Problem, content_type = PROBLEM),
        (status = 403, description = "This needs the permission users:block", body = Problem, content_type = PROBLEM),
        (status = 404, description = "There is no such account or session", body = Problem, content_type = PROBLEM),
        (status = 429, description = "Asked too often; see Retry-After", body = Problem, content_type = PROBLEM),
    ),
)]
async fn end_session_of(
    State(front): State<Front>,
    Bearer { ctx, .. }: Bearer<Native>,
    ids: PathIds<2>,
) -> Result<StatusCode, Failure<Native>> {
    let PathIds([id, session]) = ids;
    revoke_of(&front.services, &ctx, UserId(id), SessionId(session)).await?;
    Ok(StatusCode::NO_CONTENT)
}
