//! `PUT /api/v1/admin/users/{id}/roles`

use axum::Json;
use axum::extract::State;
use domain::{RoleName, UserId};
use utoipa::ToSchema;

use super::view::AdminUserView;
use crate::kit::{Body, Failure, Fields, FromFields, Front};
use crate::native::admin::permitted::{Permitted, ToGrant};
use crate::native::path_ids::PathIds;
use crate::native::problem::{Native, PROBLEM, Problem};

#[derive(ToSchema)]
#[schema(title = "SetRoles")]
#[expect(dead_code, reason = "the shape for the document; the request is read field by field")]
pub(super) struct RolesShape {
    /// All of them; `user`, which everybody has, may be left out.
    #[schema(example = json!(["moderator"]))]
    roles: Vec<String>,
}

pub(super) struct RolesBody(Vec<RoleName>);

impl FromFields for RolesBody {
    fn from_fields(fields: &mut Fields) -> Self {
        Self(fields.required_texts("roles").into_iter().map(RoleName::new).collect())
    }
}

/// Say which roles an account has
///
/// Roles that are not named are taken away. Nobody gives a role that permits more than he may.
#[utoipa::path(
    put, path = "/api/v1/admin/users/{id}/roles", tag = "administration", request_body = RolesShape,
    params(("id" = uuid::Uuid, Path)),
    security(("bearer" = []), ("cookie" = [])),
    responses(
        (status = 200, description = "The account as it is now", body = AdminUserView),
        (status = 401, description = "No good token, or one from another surface", body = Problem, content_type = PROBLEM),
        (status = 403, description = "Without roles:grant, or account or roles may more, or a sign-in long ago", body = Problem, content_type = PROBLEM),
        (status = 404, description = "There is no such account or role", body = Problem, content_type = PROBLEM),
        (status = 409, description = "The last administrator must stay", body = Problem, content_type = PROBLEM),
        (status = 422, description = "Fields are missing or of the wrong type", body = Problem, content_type = PROBLEM),
        (status = 429, description = "Asked too often; see Retry-After", body = Problem, content_type = PROBLEM),
    ),
)]
pub(super) async fn set_roles(
    State(front): State<Front>,
    Permitted { ctx, .. }: Permitted<ToGrant>,
    ids: PathIds<1>,
    body: Body<Native, RolesBody>,
) -> Result<Json<AdminUserView>, Failure<Native>> {
    let PathIds([id]) = ids;
    let RolesBody(roles) = &body.value;
    let user = operations::roles::set(&front.services, &ctx, UserId(id), roles).await?;
    Ok(Json(AdminUserView::of(&front.services, &user).await?))
}
