//! `GET` of the root: where everything is.

use axum::Json;
use axum::extract::{MatchedPath, State};
use serde::Serialize;
use utoipa::ToSchema;

use super::users::Visitor;
use crate::kit::Front;

#[derive(Serialize, ToSchema)]
pub(super) struct Links {
    users: String,
}

/// The address of the accounts
///
/// Made of the configured public URL, never of what the request says of itself.
#[utoipa::path(
    get, path = "/", tag = "users",
    responses((status = 200, description = "Links", body = Links)),
)]
pub(super) async fn root(State(front): State<Front>, path: MatchedPath, _: Visitor) -> Json<Links> {
    let base = front.settings.public_url.as_str().trim_end_matches('/');
    let prefix = path.as_str().trim_end_matches('/');
    Json(Links { users: format!("{base}{prefix}/users/") })
}
