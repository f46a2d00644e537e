//! `PATCH /api/v1/admin/users/{id}`

use axum::Json;
use axum::extract::State;
use domain::UserId;
use operations::accounts::{AccountChange, UpdateOther, update_other};
use utoipa::ToSchema;

use super::view::AdminUserView;
use crate::kit::{Body, Failure, Fields, FromFields, Front, Shape};
use crate::native::admin::permitted::{Permitted, ToWrite};
use crate::native::path_ids::PathIds;
use crate::native::problem::{Native, PROBLEM, Problem};

/// What is absent stays; `null` clears.
#[derive(ToSchema)]
#[schema(title = "UpdateUser")]
#[expect(dead_code, reason = "the shape for the document; the request is read field by field")]
pub(super) struct UserUpdateShape {
    #[schema(min_length = 3, max_length = 50)]
    username: Option<String>,
    /// Holds at once; the old address is told.
    #[schema(format = Email)]
    email: Option<String>,
    phone: Option<String>,
    first_name: Option<String>,
    last_name: Option<String>,
    #[schema(example = "en")]
    locale: Option<String>,
    #[schema(value_type = Option<Object>)]
    metadata: Option<String>,
    /// `true`: the address is its owner's, and the administrator vouches for it. With `email`
    /// beside it he vouches for that address and no other that the account may have by then.
    #[schema(nullable = false, example = true)]
    email_verified: Option<bool>,
    #[schema(nullable = false, example = true)]
    phone_verified: Option<bool>,
}

pub(super) struct UpdateBody(UpdateOther);

impl FromFields for UpdateBody {
    fn from_fields(fields: &mut Fields) -> Self {
        let change = AccountChange {
            username: fields.text_change("username"),
            email: fields.text_change("email"),
            phone: fields.text_change("phone"),
            first_name: fields.text_change("first_name"),
            last_name: fields.text_change("last_name"),
            locale: fields.text_change("locale"),
            metadata: fields.object_change("metadata"),
        };
        Self(UpdateOther {
            change,
            is_email_verified: vouched(fields, "email_verified"),
            is_phone_verified: vouched(fields, "phone_verified"),
        })
    }
}

/// A new address is unverified by itself; nothing else takes back what was found out.
fn vouched(fields: &mut Fields, field: &'static str) -> bool {
    match fields.optional_boolean(field) {
        Some(false) => {
            fields.note(field, Shape::Unlike { pattern: "true", sent: "false".to_owned() });
            false
        }
        vouched => vouched == Some(true),
    }
}

/// Change an account
///
/// A new e-mail address ends every session. Identifiers change, and addresses become verified, only
/// when the administrator signed in not long ago.
#[utoipa::path(
    patch, path = "/api/v1/admin/users/{id}", tag = "administration", request_body = UserUpdateShape,
    params(("id" = uuid::Uuid, Path)),
    security(("bearer" = []), ("cookie" = [])),
    responses(
        (status = 200, description = "The account as it is now", body = AdminUserView),
        (status = 401, description = "No good token, or one from another surface", body = Problem, content_type = PROBLEM),
        (status = 403, description = "Without users:write, or the account may more, or a sign-in long ago", body = Problem, content_type = PROBLEM),
        (status = 404, description = "There is no such account", body = Problem, content_type = PROBLEM),
        (status = 409, description = "An identifier is taken; `code` says which", body = Problem, content_type = PROBLEM),
        (status = 422, description = "Fields break rules; nothing was changed", body = Problem, content_type = PROBLEM),
        (status = 429, description = "Asked too often; see Retry-After", body = Problem, content_type = PROBLEM),
    ),
)]
pub(super) async fn update_user(
    State(front): State<Front>,
    Permitted { ctx, .. }: Permitted<ToWrite>,
    ids: PathIds<1>,
    body: Body<Native, UpdateBody>,
) -> Result<Json<AdminUserView>, Failure<Native>> {
    let PathIds([id]) = ids;
    let UpdateBody(request) = &body.value;
    let user = update_other(&front.services, &ctx, UserId(id), request).await?;
    Ok(Json(AdminUserView::of(&front.services, &user).await?))
}
