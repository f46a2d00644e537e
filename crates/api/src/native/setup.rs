//! `POST /api/v1/setup`

use axum::Json;
use axum::extract::State;
use domain::Password;
use domain::token::SecretToken;
use http::StatusCode;
use operations::accounts::{NewIdentifiers, Register};
use operations::setup::Claim;
use serde::Deserialize;
use utoipa::ToSchema;

use super::problem::{Native, PROBLEM, Problem};
use super::user::UserView;
use crate::kit::{Body, Caller, Failure, Fields, FromFields, Front};

/// The token, and at least one of `username`, `email`, `phone`.
#[derive(Deserialize, ToSchema)]
#[schema(title = "Setup")]
#[expect(dead_code, reason = "the shape for the document; the request is read field by field")]
pub(super) struct SetupShape {
    /// As the first start printed it.
    #[schema(format = Password)]
    setup_token: String,
    #[schema(nullable = false, min_length = 3, max_length = 50, example = "root")]
    username: Option<String>,
    #[schema(nullable = false, format = Email, example = "root@example.org")]
    email: Option<String>,
    #[schema(nullable = false, example = "+15551234567")]
    phone: Option<String>,
    #[schema(format = Password, min_length = 8, max_length = 128)]
    password: String,
    #[schema(nullable = false)]
    first_name: Option<String>,
    #[schema(nullable = false)]
    last_name: Option<String>,
}

pub(super) struct SetupBody(Claim);

impl FromFields for SetupBody {
    fn from_fields(fields: &mut Fields) -> Self {
        let token = SecretToken::new(fields.required_text("setup_token"));
        let register = Register {
            identifiers: NewIdentifiers {
                username: fields.optional_text("username"),
                email: fields.optional_text("email"),
                phone: fields.optional_text("phone"),
            },
            password: Password::new(&fields.required_text("password")),
            first_name: fields.optional_text("first_name"),
            last_name: fields.optional_text("last_name"),
            roles: Vec::new(),
            idempotency_key: None,
        };
        Self(Claim { token, register })
    }
}

/// Make the first administrator
///
/// With the token that the first start of a deployment without an administrator printed. It works
/// once; when there ever was an administrator, never again.
#[utoipa::path(
    post, path = "/api/v1/setup", tag = "administration", request_body = SetupShape,
    responses(
        (status = 201, description = "Made; sign in next", body = UserView),
        (status = 403, description = "The token is wrong or was used, or there is an administrator", body = Problem, content_type = PROBLEM),
        (status = 409, description = "An identifier is taken; `code` says which", body = Problem, content_type = PROBLEM),
        (status = 422, description = "Fields break rules; the token is still good", body = Problem, content_type = PROBLEM),
        (status = 429, description = "Tried too often; see Retry-After", body = Problem, content_type = PROBLEM),
        (status = 503, description = "Too much at once; see Retry-After", body = Problem, content_type = PROBLEM),
    ),
)]
pub(super) async fn setup(
    State(front): State<Front>,
    Caller { ctx, .. }: Caller<Native>,
    body: Body<Native, SetupBody>,
) -> Result<(StatusCode, Json<UserView>), Failure<Native>> {
    let SetupBody(request) = &body.value;
    let user = operations::setup::claim(&front.services, &ctx, request).await?;
    Ok((StatusCode::CREATED, Json(UserView::from(&user))))
}
