//! `POST /api/v1/admin/users`

use axum::Json;
use axum::extract::State;
use domain::RoleName;
use http::StatusCode;
use operations::accounts::{Change, Create, NewIdentifiers, create};
use utoipa::ToSchema;

use super::view::AdminUserView;
use crate::kit::{Body, Failure, Fields, FromFields, Front, JsonKind, Shape};
use crate::native::admin::permitted::{Permitted, ToWrite};
use crate::native::problem::{Native, PROBLEM, Problem};

/// At least one of `username`, `email`, `phone`. There is no password here: nobody but its owner
/// knows it.
#[derive(ToSchema)]
#[schema(title = "NewUser")]
#[expect(dead_code, reason = "the shape for the document; the request is read field by field")]
pub(super) struct NewUserShape {
    #[schema(nullable = false, min_length = 3, max_length = 50, example = "bob")]
    username: Option<String>,
    #[schema(nullable = false, format = Email, example = "bob@example.org")]
    email: Option<String>,
    #[schema(nullable = false, example = "+15557654321")]
    phone: Option<String>,
    #[schema(nullable = false)]
    first_name: Option<String>,
    #[schema(nullable = false)]
    last_name: Option<String>,
    #[schema(nullable = false, example = "en")]
    locale: Option<String>,
    #[schema(value_type = Option<Object>, nullable = false)]
    metadata: Option<String>,
    /// Beside `user`, which everybody has. Needs `roles:grant`.
    #[schema(nullable = false, example = json!([]))]
    roles: Option<Vec<String>>,
}

pub(super) struct CreateBody(Create);

impl FromFields for CreateBody {
    fn from_fields(fields: &mut Fields) -> Self {
        Self(Create {
            identifiers: NewIdentifiers {
                username: fields.optional_text("username"),
                email: fields.optional_text("email"),
                phone: fields.optional_text("phone"),
            },
            first_name: fields.optional_text("first_name"),
            last_name: fields.optional_text("last_name"),
            locale: fields.optional_text("locale"),
            metadata: metadata(fields),
            roles: fields.optional_texts("roles").into_iter().map(RoleName::new).collect(),
            password: None,
        })
    }
}

fn metadata(fields: &mut Fields) -> Option<String> {
    match fields.object_change("metadata") {
        Change::Keep => None,
        Change::Set(object) => Some(object),
        Change::Clear => {
            let (expected, found) = (JsonKind::Object, JsonKind::Null);
            fields.note("metadata", Shape::WrongType { expected, found });
            None
        }
    }
}

/// Make an account
///
/// It has no password, and nobody signs in until its owner sets one.
#[utoipa::path(
    post, path = "/api/v1/admin/users", tag = "administration", request_body = NewUserShape,
    security(("bearer" = []), ("cookie" = [])),
    responses(
        (status = 201, description = "Made", body = AdminUserView),
        (status = 401, description = "No good token, or roles and one from another surface", body = Problem, content_type = PROBLEM),
        (status = 403, description = "Without users:write, or what the roles permit, or a sign-in long ago", body = Problem, content_type = PROBLEM),
        (status = 404, description = "There is no such role", body = Problem, content_type = PROBLEM),
        (status = 409, description = "An identifier is taken; `code` says which", body = Problem, content_type = PROBLEM),
        (status = 422, description = "Fields break rules; nothing was made", body = Problem, content_type = PROBLEM),
        (status = 429, description = "Asked too often; see Retry-After", body = Problem, content_type = PROBLEM),
    ),
)]
pub(super) async fn create_user(
    State(front): State<Front>,
    Permitted { ctx, .. }: Permitted<ToWrite>,
    body: Body<Native, CreateBody>,
) -> Result<(StatusCode, Json<AdminUserView>), Failure<Native>> {
    let CreateBody(request) = &body.value;
    let user = create(&front.services, &ctx, request).await?;
    Ok((StatusCode::CREATED, Json(AdminUserView::of(&front.services, &user).await?)))
}
