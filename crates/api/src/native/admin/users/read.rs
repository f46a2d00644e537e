//! `GET /api/v1/admin/users/{id}`

use axum::Json;
use axum::extract::State;
use domain::UserId;
use operations::accounts::read;

use super::view::AdminUserView;
use crate::kit::{Failure, Front};
use crate::native::admin::permitted::{Permitted, ToRead};
use crate::native::path_ids::PathIds;
use crate::native::problem::{Native, PROBLEM, Problem};

/// Read an account
///
/// Deleted ones included, until they are erased.
#[utoipa::path(
    get, path = "/api/v1/admin/users/{id}", tag = "administration",
    params(("id" = Uuid, Path)),
    security(("bearer" = []), ("cookie" = [])),
    responses(
        (status = 200, description = "The account", body = AdminUserView),
        (status = 401, description = "No good token", body = Problem, content_type = PROBLEM),
        (status = 403, description = "This needs the permission users:read", body = Problem, content_type = PROBLEM),
        (status = 404, description = "There is no such account", body = Problem, content_type = PROBLEM),
        (status = 429, description = "Asked too often; see Retry-After", body = Problem, content_type = PROBLEM),
    ),
)]
pub(super) async fn read_user(
    State(front): State<Front>,
    Permitted { ctx, .. }: Permitted<ToRead>,
    ids: PathIds<1>,
) -> Result<Json<AdminUserView>, Failure<Native>> {
    let PathIds([id]) = ids;
    let listed = read(&front.services, &ctx, UserId(id)).await?;
    Ok(Json(AdminUserView::from(&listed)))
}
