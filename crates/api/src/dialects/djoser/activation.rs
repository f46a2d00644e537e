//! `POST users/{activation, resend_activation}/`

use axum::extract::State;
use domain::Refusal;
use http::StatusCode;
use operations::verification::{activate, send_activation};
use operations::{Error, NumberedLink};
use serde::Deserialize;
use utoipa::ToSchema;

use super::errors::Djoser;
use super::links::{about_number, required};
use super::mailbox::{MailboxBody, MailboxShape};
use super::users::Visitor;
use crate::kit::{Body, Failure, Fields, FromFields, Front};

#[derive(Deserialize, ToSchema)]
#[schema(title = "Activation")]
#[expect(dead_code, reason = "the shape for the document; the request is read field by field")]
pub(super) struct ActivationShape {
    uid: String,
    token: String,
}

pub(super) struct ActivationBody(NumberedLink);

impl FromFields for ActivationBody {
    fn from_fields(fields: &mut Fields) -> Self {
        Self(required(fields))
    }
}

/// Activate an account
///
/// With what the link in the mail held.
#[utoipa::path(
    post, path = "/users/activation/", tag = "users", request_body = ActivationShape,
    responses(
        (status = 204, description = "Active"),
        (status = 400, description = "What is wrong with each field"),
        (status = 401, description = "The token in the header, if one is sent, is no good"),
        (status = 403, description = "It is active already"),
    ),
)]
pub(super) async fn activation(
    State(front): State<Front>,
    visitor: Visitor,
    body: Body<Djoser, ActivationBody>,
) -> Result<StatusCode, Failure<Djoser>> {
    let ActivationBody(numbered) = &body.value;
    activate(&front.services, &visitor.ctx, numbered).await.map_err(about_number)?;
    Ok(StatusCode::NO_CONTENT)
}

/// Ask for the link once more
///
/// The answer is the same whether there is such an account.
#[utoipa::path(
    post, path = "/users/resend_activation/", tag = "users", request_body = MailboxShape,
    responses(
        (status = 204, description = "On its way, if it is waited for"),
        (status = 400, description = "What is wrong with the field; without a body: nothing is asked of \
                                      new addresses"),
        (status = 401, description = "The token in the header, if one is sent, is no good"),
    ),
)]
pub(super) async fn resend_activation(
    State(front): State<Front>,
    visitor: Visitor,
    body: Body<Djoser, MailboxBody>,
) -> Result<StatusCode, Failure<Djoser>> {
    let named = body.value.named();
    match send_activation(&front.services, &visitor.ctx, &named).await {
        Err(Error::Refused(Refusal::ChannelMissing)) => Ok(StatusCode::BAD_REQUEST),
        sent => {
            sent?;
            Ok(StatusCode::NO_CONTENT)
        }
    }
}
