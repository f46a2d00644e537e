//! `POST /api/v1/users/restore`

use axum::Json;
use axum::extract::State;
use domain::token::SecretToken;
use domain::{Identifier, IdentifierKind};
use operations::accounts::Restore;
use serde::Deserialize;
use utoipa::ToSchema;

use super::problem::{Native, PROBLEM, Problem};
use super::user::UserView;
use crate::kit::{Body, Caller, Failure, Fields, FromFields, Front, Shape};

/// `email` or `identifier`, and the token from the mail.
#[derive(Deserialize, ToSchema)]
#[schema(title = "Restore")]
pub(super) struct RestoreBody {
    #[schema(nullable = false, format = Email)]
    email: Option<String>,
    #[schema(nullable = false)]
    identifier: Option<String>,
    restoration_token: String,
}

impl FromFields for RestoreBody {
    fn from_fields(fields: &mut Fields) -> Self {
        let body = Self {
            email: fields.optional_text("email"),
            identifier: fields.optional_text("identifier"),
            restoration_token: fields.required_text("restoration_token"),
        };
        match (&body.email, &body.identifier) {
            (None, None) => fields.note("identifier", Shape::Missing),
            (Some(_), Some(_)) => fields.note("identifier", Shape::Superfluous),
            (Some(_), None) | (None, Some(_)) => {}
        }
        body
    }
}

/// Restore a deleted account
///
/// No session comes back: sign in next.
#[utoipa::path(
    post, path = "/api/v1/users/restore", tag = "account", request_body = RestoreBody,
    responses(
        (status = 200, description = "Restored", body = UserView),
        (status = 400, description = "The token fits no deleted account", body = Problem, content_type = PROBLEM),
        (status = 410, description = "The time to restore is over", body = Problem, content_type = PROBLEM),
        (status = 422, description = "Fields are missing or of the wrong type", body = Problem, content_type = PROBLEM),
        (status = 429, description = "Tried too often; see Retry-After", body = Problem, content_type = PROBLEM),
    ),
)]
pub(super) async fn restore(
    State(front): State<Front>,
    Caller { ctx, .. }: Caller<Native>,
    body: Body<Native, RestoreBody>,
) -> Result<Json<UserView>, Failure<Native>> {
    let RestoreBody { email, identifier, restoration_token } = body.value;
    let identifier = match email {
        Some(email) => Identifier::of_kind(IdentifierKind::Email, &email),
        None => Identifier::recognise(&identifier.unwrap_or_default()),
    };
    let request = Restore { identifier, token: SecretToken::new(restoration_token) };
    let user = operations::accounts::restore(&front.services, &ctx, &request).await?;
    Ok(Json(UserView::from(&user)))
}
