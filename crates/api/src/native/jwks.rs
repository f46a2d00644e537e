//! `GET /.well-known/jwks.json`

use axum::Json;
use axum::extract::State;
use axum::response::IntoResponse;
use http::header::CACHE_CONTROL;

use crate::kit::Front;

/// The keys that access tokens are verified with
#[utoipa::path(
    get, path = "/.well-known/jwks.json", tag = "keys",
    responses((status = 200, description = "A JSON Web Key Set (RFC 7517)", body = Object)),
)]
pub(super) async fn jwks(State(front): State<Front>) -> impl IntoResponse {
    ([(CACHE_CONTROL, "public, max-age=300")], Json(operations::tokens::jwks(&front.services)))
}
