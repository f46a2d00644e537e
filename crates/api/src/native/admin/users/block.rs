//! `POST /api/v1/admin/users/{id}/block`, `POST /api/v1/admin/users/{id}/unblock`

use axum::Json;
use axum::extract::State;
use domain::{Timestamp, UserId};
use operations::accounts::{BlockTerms, block_on, unblock};
use utoipa::ToSchema;

use super::view::AdminUserView;
use crate::kit::{Failure, Fields, FromFields, Front, OptionalBody, Shape};
use crate::native::admin::permitted::{Permitted, ToBlock};
use crate::native::path_ids::PathIds;
use crate::native::problem::{Native, PROBLEM, Problem};

#[derive(ToSchema)]
#[schema(title = "Block")]
#[expect(dead_code, reason = "the shape for the document; the request is read field by field")]
pub(super) struct BlockShape {
    /// For administrators; its owner never sees it.
    #[schema(max_length = 500)]
    reason: Option<String>,
    /// From then on it blocks nobody. Without it, the block holds until somebody lifts it.
    #[schema(format = DateTime, example = "2027-01-31T12:00:00Z")]
    until: Option<String>,
}

pub(super) struct BlockBody(BlockTerms);

impl FromFields for BlockBody {
    fn from_fields(fields: &mut Fields) -> Self {
        let reason = fields.nullable_text("reason");
        let until = fields.nullable_text("until").and_then(|text| {
            let time = Timestamp::parse_rfc3339(&text);
            if time.is_none() {
                let pattern = "a time such as 2027-01-31T12:00:00Z";
                fields.note("until", Shape::Unlike { pattern, sent: text });
            }
            time
        });
        Self(BlockTerms { reason, until })
    }
}

/// Block an account
///
/// Every session ends, and no way leads to a new one. Its owner is told by mail, without the
/// reason. Who is blocked already is blocked on these terms from now on.
#[utoipa::path(
    post, path = "/api/v1/admin/users/{id}/block", tag = "administration",
    request_body = Option<BlockShape>,
    params(("id" = uuid::Uuid, Path)),
    security(("bearer" = []), ("cookie" = [])),
    responses(
        (status = 200, description = "The account as it is now", body = AdminUserView),
        (status = 401, description = "No good token", body = Problem, content_type = PROBLEM),
        (status = 403, description = "Without users:block, or the account may more", body = Problem, content_type = PROBLEM),
        (status = 404, description = "There is no such account", body = Problem, content_type = PROBLEM),
        (status = 409, description = "The last administrator must stay", body = Problem, content_type = PROBLEM),
        (status = 422, description = "Fields break rules; nothing was changed", body = Problem, content_type = PROBLEM),
        (status = 429, description = "Asked too often; see Retry-After", body = Problem, content_type = PROBLEM),
    ),
)]
pub(super) async fn block_user(
    State(front): State<Front>,
    Permitted { ctx, .. }: Permitted<ToBlock>,
    ids: PathIds<1>,
    body: OptionalBody<Native, BlockBody>,
) -> Result<Json<AdminUserView>, Failure<Native>> {
    let PathIds([id]) = ids;
    let BlockBody(terms) = &body.value;
    let user = block_on(&front.services, &ctx, UserId(id), terms).await?;
    Ok(Json(AdminUserView::of(&front.services, &user).await?))
}

/// Unblock an account
///
/// No session comes back. Who is not blocked stays as he is.
#[utoipa::path(
    post, path = "/api/v1/admin/users/{id}/unblock", tag = "administration",
    params(("id" = uuid::Uuid, Path)),
    security(("bearer" = []), ("cookie" = [])),
    responses(
        (status = 200, description = "The account as it is now", body = AdminUserView),
        (status = 401, description = "No good token", body = Problem, content_type = PROBLEM),
        (status = 403, description = "Without users:block, or the account may more", body = Problem, content_type = PROBLEM),
        (status = 404, description = "There is no such account", body = Problem, content_type = PROBLEM),
        (status = 429, description = "Asked too often; see Retry-After", body = Problem, content_type = PROBLEM),
    ),
)]
pub(super) async fn unblock_user(
    State(front): State<Front>,
    Permitted { ctx, .. }: Permitted<ToBlock>,
    ids: PathIds<1>,
) -> Result<Json<AdminUserView>, Failure<Native>> {
    let PathIds([id]) = ids;
    let user = unblock(&front.services, &ctx, UserId(id)).await?;
    Ok(Json(AdminUserView::of(&front.services, &user).await?))
}
