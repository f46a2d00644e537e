//! `POST /api/v1/admin/users/{id}/recover`

use axum::extract::State;
use domain::UserId;
use http::StatusCode;
use operations::recovery::send_recovery;

use crate::kit::{Failure, Front};
use crate::native::admin::permitted::{Permitted, ToRecover};
use crate::native::path_ids::PathIds;
use crate::native::problem::{Native, PROBLEM, Problem};

/// Send somebody the way back into the account
///
/// A code and a link to set a new password with go to its owner, and to nobody else. What wrong
/// codes did to the account is forgiven. Nothing else changes until the owner acts.
#[utoipa::path(
    post, path = "/api/v1/admin/users/{id}/recover", tag = "administration",
    params(("id" = uuid::Uuid, Path)),
    security(("bearer" = []), ("cookie" = [])),
    responses(
        (status = 202, description = "On its way to the owner"),
        (status = 401, description = "No good token, or one from another surface", body = Problem, content_type = PROBLEM),
        (status = 403, description = "Without users:credentials, or the account may more or is blocked, or a sign-in long ago", body = Problem, content_type = PROBLEM),
        (status = 404, description = "There is no such account", body = Problem, content_type = PROBLEM),
        (status = 409, description = "The account has no address to which anything can be sent", body = Problem, content_type = PROBLEM),
        (status = 429, description = "Asked too often, or enough was sent to the address today; see Retry-After", body = Problem, content_type = PROBLEM),
    ),
)]
pub(super) async fn recover_user(
    State(front): State<Front>,
    Permitted { ctx, .. }: Permitted<ToRecover>,
    ids: PathIds<1>,
) -> Result<StatusCode, Failure<Native>> {
    let PathIds([id]) = ids;
    send_recovery(&front.services, &ctx, UserId(id)).await?;
    Ok(StatusCode::ACCEPTED)
}
