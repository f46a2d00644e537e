//! `POST users/reset_{password, username}[_confirm]/`

use axum::extract::State;
use domain::Password;
use http::StatusCode;
use operations::NumberedLink;
use operations::accounts::{self, request_username_reset};
use operations::recovery::{request_recovery_silently, reset_by_link};
use serde::Deserialize;
use utoipa::ToSchema;

use super::errors::Djoser;
use super::links::{about_link, required, undeclared};
use super::mailbox::{MailboxBody, MailboxShape};
use super::users::Visitor;
use crate::kit::{Body, Failure, Fields, FromFields, Front};

#[derive(Deserialize, ToSchema)]
#[schema(title = "PasswordResetConfirm")]
#[expect(dead_code, reason = "the shape for the document; the request is read field by field")]
pub(super) struct ResetPasswordShape {
    uid: String,
    token: String,
    #[schema(format = Password)]
    new_password: String,
}

#[derive(Deserialize, ToSchema)]
#[schema(title = "UsernameResetConfirm")]
#[expect(dead_code, reason = "the shape for the document; the request is read field by field")]
pub(super) struct ResetUsernameShape {
    uid: String,
    token: String,
    new_username: String,
}

pub(super) struct ResetPasswordBody {
    numbered: NumberedLink,
    password: Password,
}

pub(super) struct ResetUsernameBody {
    numbered: NumberedLink,
    name: String,
}

impl FromFields for ResetPasswordBody {
    fn from_fields(fields: &mut Fields) -> Self {
        let numbered = required(fields);
        Self { numbered, password: Password::new(&fields.required_text("new_password")) }
    }
}

impl FromFields for ResetUsernameBody {
    fn from_fields(fields: &mut Fields) -> Self {
        let numbered = undeclared(fields);
        Self { numbered, name: fields.required_text("new_username") }
    }
}

/// Ask for a link that sets a new password
///
/// The answer is the same whether there is such an account, and however often somebody asks for it: what
/// is too much is not sent. Whoever asks too often for any is told so.
#[utoipa::path(
    post, path = "/users/reset_password/", tag = "users", request_body = MailboxShape,
    responses(
        (status = 204, description = "On its way, if there is such an account"),
        (status = 400, description = "What is wrong with the field"),
        (status = 401, description = "The token in the header, if one is sent, is no good"),
    ),
)]
pub(super) async fn reset_password(
    State(front): State<Front>,
    visitor: Visitor,
    body: Body<Djoser, MailboxBody>,
) -> Result<StatusCode, Failure<Djoser>> {
    request_recovery_silently(&front.services, &visitor.ctx, &body.value.named()).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Set a new password
///
/// With what the link in the mail held. Every session is over.
#[utoipa::path(
    post, path = "/users/reset_password_confirm/", tag = "users",
    request_body = ResetPasswordShape,
    responses(
        (status = 204, description = "Set"),
        (status = 400, description = "What is wrong with each field"),
        (status = 401, description = "The token in the header, if one is sent, is no good"),
    ),
)]
pub(super) async fn reset_password_confirm(
    State(front): State<Front>,
    visitor: Visitor,
    body: Body<Djoser, ResetPasswordBody>,
) -> Result<StatusCode, Failure<Djoser>> {
    let ResetPasswordBody { numbered, password } = &body.value;
    reset_by_link(&front.services, &visitor.ctx, numbered, password)
        .await
        .map_err(|error| about_link(error, "new_password"))?;
    Ok(StatusCode::NO_CONTENT)
}

/// Ask for a link that sets a new username
///
/// The answer is the same whether there is such an account, and however often somebody asks for it: what
/// is too much is not sent. Whoever asks too often for any is told so.
#[utoipa::path(
    post, path = "/users/reset_username/", tag = "users", request_body = MailboxShape,
    responses(
        (status = 204, description = "On its way, if there is such an account"),
        (status = 400, description = "What is wrong with the field"),
        (status = 401, description = "The token in the header, if one is sent, is no good"),
    ),
)]
pub(super) async fn reset_username(
    State(front): State<Front>,
    visitor: Visitor,
    body: Body<Djoser, MailboxBody>,
) -> Result<StatusCode, Failure<Djoser>> {
    request_username_reset(&front.services, &visitor.ctx, &body.value.named()).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Set a new username
///
/// With what the link in the mail held.
#[utoipa::path(
    post, path = "/users/reset_username_confirm/", tag = "users",
    request_body = ResetUsernameShape,
    responses(
        (status = 204, description = "Set"),
        (status = 400, description = "What is wrong with each field"),
        (status = 401, description = "The token in the header, if one is sent, is no good"),
    ),
)]
pub(super) async fn reset_username_confirm(
    State(front): State<Front>,
    visitor: Visitor,
    body: Body<Djoser, ResetUsernameBody>,
) -> Result<StatusCode, Failure<Djoser>> {
    let ResetUsernameBody { numbered, name } = &body.value;
    accounts::reset_username(&front.services, &visitor.ctx, numbered, name)
        .await
        .map_err(|error| about_link(error, "new_username"))?;
    Ok(StatusCode::NO_CONTENT)
}
