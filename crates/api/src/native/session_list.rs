//! `GET, DELETE /api/v1/users/current/sessions[/{session_id}]`: where one is signed in.

use axum::Json;
use axum::extract::State;
use domain::{Session, SessionId};
use http::StatusCode;
use operations::sessions::{list, revoke, revoke_others};
use serde::Serialize;
use utoipa::ToSchema;

use super::path_ids::PathIds;
use super::problem::{Native, PROBLEM, Problem};
use crate::kit::{Bearer, Failure, Front};

/// A sign-in that is still good.
#[derive(Serialize, ToSchema)]
#[schema(title = "Session")]
pub(super) struct SessionView {
    #[schema(format = Uuid)]
    id: String,
    /// Where it was opened: `native`, or the name of a dialect.
    #[schema(example = "native")]
    surface: &'static str,
    #[schema(format = DateTime)]
    created_at: String,
    /// When it was last used, to five minutes.
    #[schema(format = DateTime)]
    last_seen_at: String,
    address: Option<String>,
    agent: Option<String>,
    /// Whether this request belongs to it.
    current: bool,
    /// When it ends unless it is refreshed before.
    #[schema(format = DateTime)]
    expires_at: String,
}

#[derive(Serialize, ToSchema)]
#[schema(title = "Sessions")]
pub(super) struct SessionsView {
    sessions: Vec<SessionView>,
}

impl SessionsView {
    /// `current` is the session of whoever asks.
    pub(super) fn new(sessions: &[Session], current: SessionId) -> Self {
        Self { sessions: sessions.iter().map(|session| view(session, current)).collect() }
    }
}

fn view(session: &Session, current: SessionId) -> SessionView {
    SessionView {
        id: session.id.to_string(),
        surface: session.surface.as_str(),
        created_at: session.created_at.to_rfc3339(),
        last_seen_at: session.last_seen_at.to_rfc3339(),
        address: session.address.clone(),
        agent: session.agent.clone(),
        current: session.id == current,
        expires_at: session.dies_at().to_rfc3339(),
    }
}

/// List one's own sessions
///
/// Live ones only, the newest first.
#[utoipa::path(
    get, path = "/api/v1/users/current/sessions", tag = "sessions",
    security(("bearer" = []), ("cookie" = [])),
    responses(
        (status = 200, description = "Where the account is signed in", body = SessionsView),
        (status = 401, description = "No good token", body = Problem, content_type = PROBLEM),
    ),
)]
pub(super) async fn list_sessions(
    State(front): State<Front>,
    Bearer { ctx, user, session, .. }: Bearer<Native>,
) -> Result<Json<SessionsView>, Failure<Native>> {
    let sessions = list(&front.services, &ctx, user.id).await?;
    Ok(Json(SessionsView::new(&sessions, session.id)))
}

/// End all other sessions of one's own
#[utoipa::path(
    delete, path = "/api/v1/users/current/sessions", tag = "sessions",
    security(("bearer" = []), ("cookie" = [])),
    responses(
        (status = 204, description = "Every session but this one is over"),
        (status = 401, description = "No good token", body = Problem, content_type = PROBLEM),
    ),
)]
pub(super) async fn end_other_sessions(
    State(front): State<Front>,
    Bearer { ctx, user, session, .. }: Bearer<Native>,
) -> Result<StatusCode, Failure<Native>> {
    revoke_others(&front.services, &ctx, user.id, session.id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// End one session of one's own
#[utoipa::path(
    delete, path = "/api/v1/users/current/sessions/{session_id}", tag = "sessions",
    params(("session_id" = Uuid, Path)),
    security(("bearer" = []), ("cookie" = [])),
    responses(
        (status = 204, description = "The session is over, its tokens are dead"),
        (status = 401, description = "No good token", body = Problem, content_type = PROBLEM),
        (status = 404, description = "The account has no such live session", body = Problem, content_type = PROBLEM),
    ),
)]
pub(super) async fn end_session(
    State(front): State<Front>,
    Bearer { ctx, user, session, .. }: Bearer<Native>,
    ids: PathIds<1>,
) -> Result<StatusCode, Failure<Native>> {
    let PathIds([id]) = ids;
    revoke(&front.services, &ctx, user.id, session.id, SessionId(id)).await?;
    Ok(StatusCode::NO_CONTENT)
}
