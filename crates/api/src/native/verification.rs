//! `POST /api/v1/auth/verify/{email,phone}[/send]`

use axum::Json;
use axum::extract::State;
use domain::refusal::TokenDefect;
use domain::token::SecretToken;
use domain::{Identifier, IdentifierKind, Refusal};
use http::StatusCode;
use operations::verification::{
    Channel, Claimant, send_verification, verify_by_code, verify_by_link,
};
use serde::Deserialize;
use utoipa::ToSchema;

use super::problem::{Native, PROBLEM, Problem};
use super::user::UserView;
use crate::kit::{Body, Failure, Fields, FromFields, Front, MaybeBearer, OptionalBody, Shape};

/// `code`, or `token` from the link. Without an access token a code needs the address that it was
/// sent to.
#[derive(Deserialize, ToSchema)]
#[schema(title = "VerifyEmail")]
#[expect(dead_code, reason = "the shape for the document; the request is read field by field")]
pub(super) struct VerifyEmailShape {
    #[schema(nullable = false, example = "204918")]
    code: Option<String>,
    #[schema(nullable = false)]
    token: Option<String>,
    #[schema(nullable = false, format = Email)]
    email: Option<String>,
}

/// `code`, or `token` from the link. Without an access token a code needs the number that it was
/// sent to.
#[derive(Deserialize, ToSchema)]
#[schema(title = "VerifyPhone")]
#[expect(dead_code, reason = "the shape for the document; the request is read field by field")]
pub(super) struct VerifyPhoneShape {
    #[schema(nullable = false, example = "204918")]
    code: Option<String>,
    #[schema(nullable = false)]
    token: Option<String>,
    #[schema(nullable = false)]
    phone: Option<String>,
}

/// Nothing with an access token; without one, the address.
#[derive(Deserialize, ToSchema)]
#[schema(title = "SendEmailVerification")]
#[expect(dead_code, reason = "the shape for the document; the request is read field by field")]
pub(super) struct SendEmailShape {
    #[schema(nullable = false, format = Email)]
    email: Option<String>,
}

/// Nothing with an access token; without one, the number.
#[derive(Deserialize, ToSchema)]
#[schema(title = "SendPhoneVerification")]
#[expect(dead_code, reason = "the shape for the document; the request is read field by field")]
pub(super) struct SendPhoneShape {
    #[schema(nullable = false)]
    phone: Option<String>,
}

/// The field that names the address.
pub(super) trait Named: Send {
    const FIELD: &'static str;
    const KIND: IdentifierKind;
    const CHANNEL: Channel;
}

pub(super) struct ByEmail;
pub(super) struct ByPhone;

impl Named for ByEmail {
    const FIELD: &'static str = "email";
    const KIND: IdentifierKind = IdentifierKind::Email;
    const CHANNEL: Channel = Channel::Email;
}

impl Named for ByPhone {
    const FIELD: &'static str = "phone";
    const KIND: IdentifierKind = IdentifierKind::Phone;
    const CHANNEL: Channel = Channel::Phone;
}

pub(super) struct VerifyBody<N> {
    code: Option<String>,
    token: Option<SecretToken>,
    named: SendBody<N>,
}

pub(super) struct SendBody<N> {
    name: Option<Identifier>,
    kind: std::marker::PhantomData<N>,
}

impl<N: Named> FromFields for SendBody<N> {
    fn from_fields(fields: &mut Fields) -> Self {
        let name = fields.optional_text(N::FIELD);
        let name = name.map(|text| Identifier::of_kind(N::KIND, &text));
        Self { name, kind: std::marker::PhantomData }
    }
}

impl<N: Named> FromFields for VerifyBody<N> {
    fn from_fields(fields: &mut Fields) -> Self {
        let (code, token) = (fields.optional_text("code"), fields.optional_text("token"));
        match (&code, &token) {
            (None, None) => fields.note("code", Shape::Missing),
            (Some(_), Some(_)) => fields.note("token", Shape::Superfluous),
            (Some(_), None) | (None, Some(_)) => {}
        }
        Self { code, token: token.map(SecretToken::new), named: SendBody::from_fields(fields) }
    }
}

impl<N: Named> SendBody<N> {
    /// Who is signed in speaks of himself, whatever he names.
    fn claimant(&self, caller: &MaybeBearer<Native>) -> Result<Claimant, Refusal> {
        match (&caller.bearer, &self.name) {
            (Some(bearer), _) => Ok(Claimant::own(&bearer.user, &bearer.session)),
            (None, Some(name)) => Ok(Claimant::Named(name.clone())),
            (None, None) => Err(Refusal::InvalidToken(TokenDefect::Missing)),
        }
    }
}

/// Verify an e-mail address
///
/// The one that waits in `pending_email` becomes `email`.
#[utoipa::path(
    post, path = "/api/v1/auth/verify/email", tag = "addresses", request_body = VerifyEmailShape,
    security((), ("bearer" = []), ("cookie" = [])),
    responses(
        (status = 200, description = "Verified", body = UserView),
        (status = 400, description = "The code or link is wrong, used or too old", body = Problem, content_type = PROBLEM),
        (status = 401, description = "Neither a good token nor an address", body = Problem, content_type = PROBLEM),
        (status = 409, description = "There is nothing to verify, or another account has shown that the address is its own", body = Problem, content_type = PROBLEM),
        (status = 422, description = "Fields are missing or of the wrong type", body = Problem, content_type = PROBLEM),
        (status = 429, description = "Tried too often; see Retry-After", body = Problem, content_type = PROBLEM),
    ),
)]
pub(super) async fn verify_email(
    State(front): State<Front>,
    caller: MaybeBearer<Native>,
    body: Body<Native, VerifyBody<ByEmail>>,
) -> Result<Json<UserView>, Failure<Native>> {
    verify(&front, &caller, &body.value).await
}

/// Verify a phone number
#[utoipa::path(
    post, path = "/api/v1/auth/verify/phone", tag = "addresses", request_body = VerifyPhoneShape,
    security((), ("bearer" = []), ("cookie" = [])),
    responses(
        (status = 200, description = "Verified", body = UserView),
        (status = 400, description = "The code or link is wrong, used or too old", body = Problem, content_type = PROBLEM),
        (status = 401, description = "Neither a good token nor a number", body = Problem, content_type = PROBLEM),
        (status = 409, description = "There is nothing to verify", body = Problem, content_type = PROBLEM),
        (status = 422, description = "Fields are missing or of the wrong type", body = Problem, content_type = PROBLEM),
        (status = 429, description = "Tried too often; see Retry-After", body = Problem, content_type = PROBLEM),
    ),
)]
pub(super) async fn verify_phone(
    State(front): State<Front>,
    caller: MaybeBearer<Native>,
    body: Body<Native, VerifyBody<ByPhone>>,
) -> Result<Json<UserView>, Failure<Native>> {
    verify(&front, &caller, &body.value).await
}

/// Send a code and a link to an e-mail address that waits
///
/// The newest code is the only one that works. Who is not signed in gets one answer, whether there
/// is such an account or not.
#[utoipa::path(
    post, path = "/api/v1/auth/verify/email/send", tag = "addresses",
    request_body = Option<SendEmailShape>,
    security((), ("bearer" = []), ("cookie" = [])),
    responses(
        (status = 202, description = "On its way, if the address waits to be verified"),
        (status = 401, description = "Neither a good token nor an address", body = Problem, content_type = PROBLEM),
        (status = 409, description = "One's own account has nothing to verify", body = Problem, content_type = PROBLEM),
        (status = 429, description = "Asked too often; see Retry-After", body = Problem, content_type = PROBLEM),
    ),
)]
pub(super) async fn send_email(
    State(front): State<Front>,
    caller: MaybeBearer<Native>,
    body: OptionalBody<Native, SendBody<ByEmail>>,
) -> Result<StatusCode, Failure<Native>> {
    send(&front, &caller, &body.value).await
}

/// Send a code and a link to a phone number that waits
#[utoipa::path(
    post, path = "/api/v1/auth/verify/phone/send", tag = "addresses",
    request_body = Option<SendPhoneShape>,
    security((), ("bearer" = []), ("cookie" = [])),
    responses(
        (status = 202, description = "On its way, if the number waits to be verified"),
        (status = 401, description = "Neither a good token nor a number", body = Problem, content_type = PROBLEM),
        (status = 409, description = "One's own account has nothing to verify, or nothing can be sent", body = Problem, content_type = PROBLEM),
        (status = 429, description = "Asked too often; see Retry-After", body = Problem, content_type = PROBLEM),
    ),
)]
pub(super) async fn send_phone(
    State(front): State<Front>,
    caller: MaybeBearer<Native>,
    body: OptionalBody<Native, SendBody<ByPhone>>,
) -> Result<StatusCode, Failure<Native>> {
    send(&front, &caller, &body.value).await
}

async fn verify<N: Named>(
    front: &Front,
    caller: &MaybeBearer<Native>,
    body: &VerifyBody<N>,
) -> Result<Json<UserView>, Failure<Native>> {
    let (services, ctx) = (&front.services, &caller.ctx);
    let user = if let Some(token) = &body.token {
        verify_by_link(services, ctx, N::CHANNEL, token).await?
    } else {
        let claimant = body.named.claimant(caller).map_err(operations::Error::from)?;
        let code = body.code.as_deref().unwrap_or_default();
        verify_by_code(services, ctx, &claimant, N::CHANNEL, code).await?
    };
    Ok(Json(UserView::from(&user)))
}

async fn send<N: Named>(
    front: &Front,
    caller: &MaybeBearer<Native>,
    body: &SendBody<N>,
) -> Result<StatusCode, Failure<Native>> {
    let claimant = body.claimant(caller).map_err(operations::Error::from)?;
    send_verification(&front.services, &caller.ctx, &claimant, N::CHANNEL).await?;
    Ok(StatusCode::ACCEPTED)
}
