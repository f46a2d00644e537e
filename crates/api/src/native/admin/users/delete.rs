//! `DELETE /api/v1/admin/users/{id}`

use axum::extract::State;
use domain::UserId;
use http::StatusCode;
use operations::accounts::{delete, delete_for_good};

use crate::kit::{Failure, Front};
use crate::native::admin::flag::{Final, Flag};
use crate::native::admin::permitted::{Permitted, ToDelete};
use crate::native::path_ids::PathIds;
use crate::native::problem::{Native, PROBLEM, Problem};

/// Delete an account
///
/// Every session ends. It can be restored for a while, unless `final` is said. What is deleted
/// already stays so.
#[utoipa::path(
    delete, path = "/api/v1/admin/users/{id}", tag = "administration",
    params(
        ("id" = uuid::Uuid, Path),
        ("final" = Option<bool>, Query, description = "For good: its names are free at once, its data is erased"),
    ),
    security(("bearer" = []), ("cookie" = [])),
    responses(
        (status = 204, description = "Deleted"),
        (status = 401, description = "No good token, or one from another surface", body = Problem, content_type = PROBLEM),
        (status = 403, description = "Without users:delete, or the account may more, or a sign-in long ago", body = Problem, content_type = PROBLEM),
        (status = 404, description = "There never was such an account", body = Problem, content_type = PROBLEM),
        (status = 409, description = "The last administrator must stay", body = Problem, content_type = PROBLEM),
        (status = 422, description = "A parameter is not as it should be", body = Problem, content_type = PROBLEM),
        (status = 429, description = "Asked too often; see Retry-After", body = Problem, content_type = PROBLEM),
    ),
)]
pub(super) async fn delete_user(
    State(front): State<Front>,
    Permitted { ctx, .. }: Permitted<ToDelete>,
    ids: PathIds<1>,
    is_final: Flag<Final>,
) -> Result<StatusCode, Failure<Native>> {
    let PathIds([id]) = ids;
    if is_final.is_set {
        delete_for_good(&front.services, &ctx, UserId(id)).await?;
    } else {
        delete(&front.services, &ctx, UserId(id)).await?;
    }
    Ok(StatusCode::NO_CONTENT)
}
