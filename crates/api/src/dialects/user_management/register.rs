//! `POST /users/register`

use axum::Json;
use axum::extract::State;
use operations::sessions::sign_up;

use super::errors::UserManagement;
use super::wire::{RegisterBody, RegisterShape, Registered};
use crate::kit::fastapi::{Detail, ValidationDetail};
use crate::kit::{Body, Caller, Failure, Front};

/// Register, and be signed in
#[utoipa::path(
    post, path = "/users/register", tag = "users", request_body = RegisterShape,
    responses(
        (status = 200, description = "Registered", body = Registered),
        (status = 409, description = "The username or the e-mail address is taken", body = Detail),
        (status = 422, description = "Fields break rules", body = ValidationDetail),
    ),
)]
pub(super) async fn register(
    State(front): State<Front>,
    Caller { ctx, .. }: Caller<UserManagement>,
    body: Body<UserManagement, RegisterBody>,
) -> Result<Json<Registered>, Failure<UserManagement>> {
    let signed_up = sign_up(&front.services, &ctx, &body.value.0).await?;
    Ok(Json(Registered::new(&signed_up.user, signed_up.tokens.as_ref())))
}
