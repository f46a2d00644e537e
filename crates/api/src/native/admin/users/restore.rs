//! `POST /api/v1/admin/users/{id}/restore`

use axum::Json;
use axum::extract::State;
use domain::UserId;
use operations::accounts::restore_by_operator;

use super::view::AdminUserView;
use crate::kit::{Failure, Front};
use crate::native::admin::permitted::{Permitted, ToDelete};
use crate::native::path_ids::PathIds;
use crate::native::problem::{Native, PROBLEM, Problem};

/// Restore an account
///
/// With its roles and its password, and without any session; blocked, if it was. What is not
/// deleted stays as it is.
#[utoipa::path(
    post, path = "/api/v1/admin/users/{id}/restore", tag = "administration",
    params(("id" = uuid::Uuid, Path)),
    security(("bearer" = []), ("cookie" = [])),
    responses(
        (status = 200, description = "The account as it is now", body = AdminUserView),
        (status = 401, description = "No good token, or one from another surface", body = Problem, content_type = PROBLEM),
        (status = 403, description = "Without users:delete, or the account may more, or a sign-in long ago", body = Problem, content_type = PROBLEM),
        (status = 404, description = "There never was such an account", body = Problem, content_type = PROBLEM),
        (status = 410, description = "The time to restore is over", body = Problem, content_type = PROBLEM),
        (status = 429, description = "Asked too often; see Retry-After", body = Problem, content_type = PROBLEM),
    ),
)]
pub(super) async fn restore_user(
    State(front): State<Front>,
    Permitted { ctx, .. }: Permitted<ToDelete>,
    ids: PathIds<1>,
) -> Result<Json<AdminUserView>, Failure<Native>> {
    let PathIds([id]) = ids;
    let user = restore_by_operator(&front.services, &ctx, UserId(id)).await?;
    Ok(Json(AdminUserView::of(&front.services, &user).await?))
}
