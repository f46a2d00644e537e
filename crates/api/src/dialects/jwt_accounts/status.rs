//! `GET /`

use axum::Json;
use axum::extract::State;
use operations::health::ready;
use serde::Serialize;
use utoipa::ToSchema;

use crate::kit::Front;

#[derive(Serialize, ToSchema)]
pub(super) struct Running {
    api: bool,
    database: bool,
}

/// What answers
#[utoipa::path(
    get, path = "/", tag = "status",
    responses((status = 200, description = "Whether the database answers, too", body = Running)),
)]
pub(super) async fn status(State(front): State<Front>) -> Json<Running> {
    Json(Running { api: true, database: ready(&front.services).await.is_ok() })
}
