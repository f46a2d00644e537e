//! `POST /api/v1/auth/recover[/verify,/password]` and `/users/take-back`: back into an account.

use axum::Json;
use axum::extract::State;
use domain::token::SecretToken;
use domain::{Identifier, Password};
use http::StatusCode;
use operations::accounts::take_back as take_address_back;
use operations::recovery::{recover_by_code, recover_by_link, request_recovery, reset_password};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::problem::{Native, PROBLEM, Problem};
use crate::kit::{Body, Caller, Failure, Fields, FromFields, Front, Shape};

#[derive(Deserialize, ToSchema)]
#[schema(title = "Recover")]
pub(super) struct RecoverBody {
    /// A username, e-mail address or phone number.
    identifier: String,
}

/// `identifier` and `code`, or `token` from the link.
#[derive(Deserialize, ToSchema)]
#[schema(title = "VerifyRecovery")]
pub(super) struct VerifyRecoveryBody {
    #[schema(nullable = false)]
    identifier: Option<String>,
    #[schema(nullable = false, example = "204918")]
    code: Option<String>,
    #[schema(nullable = false)]
    token: Option<String>,
}

#[derive(Deserialize, ToSchema)]
#[schema(title = "ResetPassword")]
pub(super) struct ResetPasswordBody {
    reset_ticket: String,
    #[schema(format = Password, min_length = 8, max_length = 128)]
    password: String,
}

#[derive(Deserialize, ToSchema)]
#[schema(title = "TakeBack")]
pub(super) struct TakeBackBody {
    token: String,
}

#[derive(Serialize, ToSchema)]
#[schema(title = "ResetTicket")]
pub(super) struct ResetTicketView {
    /// Sets one password, within 15 minutes.
    reset_ticket: String,
}

impl FromFields for RecoverBody {
    fn from_fields(fields: &mut Fields) -> Self {
        Self { identifier: fields.required_text("identifier") }
    }
}

impl FromFields for VerifyRecoveryBody {
    fn from_fields(fields: &mut Fields) -> Self {
        let identifier = fields.optional_text("identifier");
        let (code, token) = (fields.optional_text("code"), fields.optional_text("token"));
        match (&identifier, &code, &token) {
            (Some(_), Some(_), None) | (None, None, Some(_)) => {}
            (_, _, Some(_)) => fields.note("token", Shape::Superfluous),
            (None, _, None) => fields.note("identifier", Shape::Missing),
            (Some(_), None, None) => fields.note("code", Shape::Missing),
        }
        Self { identifier, code, token }
    }
}

impl FromFields for ResetPasswordBody {
    fn from_fields(fields: &mut Fields) -> Self {
        Self {
            reset_ticket: fields.required_text("reset_ticket"),
            password: fields.required_text("password"),
        }
    }
}

impl FromFields for TakeBackBody {
    fn from_fields(fields: &mut Fields) -> Self {
        Self { token: fields.required_text("token") }
    }
}

impl From<&SecretToken> for ResetTicketView {
    fn from(ticket: &SecretToken) -> Self {
        Self { reset_ticket: ticket.reveal().to_owned() }
    }
}

/// Ask for a way back into an account
///
/// A code and a link go to an address of the account. The answer is the same whether there is one.
#[utoipa::path(
    post, path = "/api/v1/auth/recover", tag = "recovery", request_body = RecoverBody,
    responses(
        (status = 202, description = "On its way, if there is such an account"),
        (status = 422, description = "Fields are missing or of the wrong type", body = Problem, content_type = PROBLEM),
        (status = 429, description = "Asked too often; see Retry-After", body = Problem, content_type = PROBLEM),
    ),
)]
pub(super) async fn request(
    State(front): State<Front>,
    Caller { ctx, .. }: Caller<Native>,
    body: Body<Native, RecoverBody>,
) -> Result<StatusCode, Failure<Native>> {
    let named = Identifier::recognise(&body.value.identifier);
    request_recovery(&front.services, &ctx, &named).await?;
    Ok(StatusCode::ACCEPTED)
}

/// Show the code or the link
#[utoipa::path(
    post, path = "/api/v1/auth/recover/verify", tag = "recovery",
    request_body = VerifyRecoveryBody,
    responses(
        (status = 200, description = "A ticket that sets a new password", body = ResetTicketView),
        (status = 400, description = "The code or link is wrong, used or too old", body = Problem, content_type = PROBLEM),
        (status = 422, description = "Fields are missing or of the wrong type", body = Problem, content_type = PROBLEM),
        (status = 429, description = "Tried too often; see Retry-After", body = Problem, content_type = PROBLEM),
    ),
)]
pub(super) async fn verify(
    State(front): State<Front>,
    Caller { ctx, .. }: Caller<Native>,
    body: Body<Native, VerifyRecoveryBody>,
) -> Result<Json<ResetTicketView>, Failure<Native>> {
    let VerifyRecoveryBody { identifier, code, token } = body.value;
    let ticket = if let Some(token) = token {
        recover_by_link(&front.services, &ctx, &SecretToken::new(token)).await?
    } else {
        let named = Identifier::recognise(&identifier.unwrap_or_default());
        let code = code.unwrap_or_default();
        recover_by_code(&front.services, &ctx, &named, &code).await?
    };
    Ok(Json(ResetTicketView::from(&ticket)))
}

/// Set a new password
///
/// Every session is over. Nobody is signed in by this: sign in next.
#[utoipa::path(
    post, path = "/api/v1/auth/recover/password", tag = "recovery",
    request_body = ResetPasswordBody,
    responses(
        (status = 204, description = "The password is set, every session is over"),
        (status = 400, description = "The ticket is wrong, used or too old", body = Problem, content_type = PROBLEM),
        (status = 422, description = "The password breaks rules; the ticket stays good", body = Problem, content_type = PROBLEM),
        (status = 429, description = "Tried too often; see Retry-After", body = Problem, content_type = PROBLEM),
    ),
)]
pub(super) async fn set_password(
    State(front): State<Front>,
    Caller { ctx, .. }: Caller<Native>,
    body: Body<Native, ResetPasswordBody>,
) -> Result<StatusCode, Failure<Native>> {
    let ResetPasswordBody { reset_ticket, password } = body.value;
    let (ticket, password) = (SecretToken::new(reset_ticket), Password::new(&password));
    reset_password(&front.services, &ctx, &ticket, &password).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Take an address back that was replaced
///
/// With the token of the link that went to the address that was replaced. Every session and the password
/// are over; so is a phone number that was not verified three days before.
#[utoipa::path(
    post, path = "/api/v1/users/take-back", tag = "recovery", request_body = TakeBackBody,
    responses(
        (status = 200, description = "The address is back; a ticket sets a new password", body = ResetTicketView),
        (status = 400, description = "The token is wrong, used or too old", body = Problem, content_type = PROBLEM),
        (status = 409, description = "Another account has the address by now", body = Problem, content_type = PROBLEM),
        (status = 422, description = "Fields are missing or of the wrong type", body = Problem, content_type = PROBLEM),
        (status = 429, description = "Tried too often; see Retry-After", body = Problem, content_type = PROBLEM),
    ),
)]
pub(super) async fn take_back(
    State(front): State<Front>,
    Caller { ctx, .. }: Caller<Native>,
    body: Body<Native, TakeBackBody>,
) -> Result<Json<ResetTicketView>, Failure<Native>> {
    let token = SecretToken::new(body.value.token);
    let ticket = take_address_back(&front.services, &ctx, &token).await?;
    Ok(Json(ResetTicketView::from(&ticket)))
}
