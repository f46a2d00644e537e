//! How `djoser` says no.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::response::{IntoResponse, Response};
use domain::refusal::TokenDefect;
use domain::token::SecretToken;
use domain::{Field, IdentifierKind, Refusal, Surface};
use http::header::AUTHORIZATION;
use http::request::Parts;
use http::{HeaderMap, StatusCode};
use serde_json::{Value, json};

use super::{options, texts};
use crate::kit::drf::{self, Drf, Forms, detail, field_errors, say_rules};
use crate::kit::{Answer, Bearer, Dialect, Failure, FieldProblem, Front, Rejection, Shape};

/// The paths below `users/` and the root.
pub(crate) enum Djoser {}

/// The paths that take their tokens in the body.
pub(crate) enum DjoserJwt {}

impl Forms for Djoser {
    const NULLABLE: &'static [&'static str] = &["username", "email", "phone"];
}

impl Forms for DjoserJwt {}

impl Dialect for Djoser {
    const SURFACE: Surface = Surface::Djoser;
    type Manners = Drf<Self>;

    fn refuse(refusal: &Refusal) -> Answer {
        use StatusCode as S;
        match refusal {
            Refusal::Invalid(errors) => say_rules::<Self>(errors),
            Refusal::IdentifierTaken(taken) => field_errors(taken.kinds().map(texts::say_taken)),
            Refusal::InvalidCredentials => detail(S::UNAUTHORIZED, texts::NO_ACTIVE_ACCOUNT),
            // Neither is active.
            Refusal::AccountBlocked | Refusal::AccountUnverified => {
                coded(texts::USER_INACTIVE, "user_inactive")
            }
            Refusal::AccountGone => coded(texts::USER_NOT_FOUND, "user_not_found"),
            Refusal::InvalidToken(TokenDefect::Missing) => {
                detail(S::UNAUTHORIZED, texts::NO_CREDENTIALS)
            }
            Refusal::InvalidToken(defect) => not_valid(texts::say_access_defect(*defect)),
            Refusal::SignInHere | Refusal::SignInAgain => not_valid(texts::SIGN_IN_HERE),
            Refusal::CodeInvalid | Refusal::LinkInvalid | Refusal::StepMissing(..) => {
                field_errors([("token", texts::INVALID_TOKEN.to_owned())])
            }
            Refusal::NothingToVerify => detail(S::FORBIDDEN, texts::STALE_TOKEN),
            Refusal::ChannelMissing => detail(S::CONFLICT, texts::NO_CHANNEL),
            Refusal::WrongCurrentPassword => {
                field_errors([("current_password", texts::INVALID_PASSWORD.to_owned())])
            }
            Refusal::PermissionMissing(_) | Refusal::SetupRefused => {
                detail(S::FORBIDDEN, texts::FORBIDDEN)
            }
            Refusal::UserNotFound
            | Refusal::SessionNotFound
            | Refusal::RoleNotFound
            | Refusal::ServiceNotFound
            | Refusal::KeyNotFound
            | Refusal::JobNotFound
            | Refusal::WebhookNotFound
            | Refusal::StreamNotFound
            | Refusal::EventsForgotten => detail(S::NOT_FOUND, texts::NOT_FOUND),
            // No path of this surface asks for services, keys or jobs.
            Refusal::InvalidClient => detail(S::UNAUTHORIZED, texts::NO_CREDENTIALS),
            Refusal::ServiceNameTaken
            | Refusal::StreamInUse
            | Refusal::StreamNotStuck
            | Refusal::KeyFromSettings
            | Refusal::JobNotWaiting
            | Refusal::OwnAccount
            | Refusal::RoleNameTaken
            | Refusal::RoleHeld
            | Refusal::RoleBuiltIn
            | Refusal::SelectionTooLarge { .. }
            | Refusal::SelectionChanged { .. } => detail(S::CONFLICT, texts::FORBIDDEN),
            Refusal::LastAdmin => detail(S::CONFLICT, texts::LAST_ADMIN),
            Refusal::IdempotencyMismatch => detail(S::UNPROCESSABLE_ENTITY, texts::REPEATED),
            Refusal::RestorationInvalid | Refusal::RestorationExpired => {
                detail(S::BAD_REQUEST, texts::NOT_RESTORABLE)
            }
            Refusal::TooManyRequests { retry_after } => {
                detail(S::TOO_MANY_REQUESTS, texts::say_throttled(*retry_after))
            }
            Refusal::Overloaded { .. } => detail(S::SERVICE_UNAVAILABLE, texts::OVERLOADED),
        }
    }

    fn reject(rejection: &Rejection) -> Answer {
        drf::reject(rejection, coded(texts::BAD_HEADER, "bad_authorization_header"))
    }

    fn fail() -> Answer {
        detail(StatusCode::INTERNAL_SERVER_ERROR, texts::FAILED)
    }

    fn unavailable() -> Answer {
        detail(StatusCode::SERVICE_UNAVAILABLE, texts::OVERLOADED)
    }

    /// `JWT …` and `Bearer …`, in just these letters; anything else is no credential at all.
    fn token(headers: &HeaderMap) -> Result<Option<SecretToken>, Rejection> {
        // Of several headers Python's servers make one.
        let values: Vec<&[u8]> =
            headers.get_all(AUTHORIZATION).iter().map(http::HeaderValue::as_bytes).collect();
        let text = String::from_utf8_lossy(&values.join(&b',')).into_owned();
        let words: Vec<&str> = text.split_ascii_whitespace().collect();
        match words.as_slice() {
            ["JWT" | "Bearer", token] => Ok(Some(SecretToken::new(*token))),
            ["JWT" | "Bearer", ..] => Err(Rejection::AuthorizationHeader),
            _ => Ok(None),
        }
    }

    /// Who may not come in is not told which methods there are.
    async fn other_method(front: Front, mut parts: Parts, allow: Arc<str>) -> Response {
        if let Err(failure) = Bearer::<Self>::from_request_parts(&mut parts, &front).await {
            return failure.into_response();
        }
        options::or_refuse::<Self>(&parts, allow)
    }

    /// Without a token the original looked for a session's cookie.
    fn vary(headers: &HeaderMap) -> Option<&'static str> {
        let has_token = !matches!(Self::token(headers), Ok(None));
        Some(if has_token { "Accept" } else { "Accept, Cookie" })
    }
}

/// As [`Djoser`], but for what is said of tokens, and deaf to the header.
impl Dialect for DjoserJwt {
    const SURFACE: Surface = Surface::Djoser;
    type Manners = Drf<Self>;

    fn refuse(refusal: &Refusal) -> Answer {
        match refusal {
            Refusal::InvalidToken(defect) => coded(texts::say_defect(*defect), "token_not_valid"),
            Refusal::AccountBlocked | Refusal::AccountGone | Refusal::AccountUnverified => {
                coded(texts::INVALID_OR_EXPIRED, "token_not_valid")
            }
            Refusal::Invalid(_)
            | Refusal::IdentifierTaken(_)
            | Refusal::InvalidCredentials
            | Refusal::IdempotencyMismatch
            | Refusal::WrongCurrentPassword
            | Refusal::SignInHere
            | Refusal::SignInAgain
            | Refusal::CodeInvalid
            | Refusal::LinkInvalid
            | Refusal::StepMissing(..)
            | Refusal::NothingToVerify
            | Refusal::ChannelMissing
            | Refusal::PermissionMissing(_)
            | Refusal::UserNotFound
            | Refusal::SessionNotFound
            | Refusal::RoleNotFound
            | Refusal::OwnAccount
            | Refusal::RoleNameTaken
            | Refusal::RoleHeld
            | Refusal::RoleBuiltIn
            | Refusal::SelectionTooLarge { .. }
            | Refusal::SelectionChanged { .. }
            | Refusal::LastAdmin
            | Refusal::SetupRefused
            | Refusal::RestorationInvalid
            | Refusal::RestorationExpired
            | Refusal::InvalidClient
            | Refusal::ServiceNotFound
            | Refusal::ServiceNameTaken
            | Refusal::KeyNotFound
            | Refusal::KeyFromSettings
            | Refusal::JobNotFound
            | Refusal::JobNotWaiting
            | Refusal::WebhookNotFound
            | Refusal::StreamNotFound
            | Refusal::StreamInUse
            | Refusal::StreamNotStuck
            | Refusal::EventsForgotten
            | Refusal::TooManyRequests { .. }
            | Refusal::Overloaded { .. } => Djoser::refuse(refusal),
        }
    }

    fn reject(rejection: &Rejection) -> Answer {
        Djoser::reject(rejection)
    }

    fn fail() -> Answer {
        Djoser::fail()
    }

    fn unavailable() -> Answer {
        Djoser::unavailable()
    }

    fn token(_: &HeaderMap) -> Result<Option<SecretToken>, Rejection> {
        Ok(None)
    }

    async fn other_method(_: Front, parts: Parts, allow: Arc<str>) -> Response {
        options::or_refuse::<Self>(&parts, allow)
    }

    fn vary(_: &HeaderMap) -> Option<&'static str> {
        Some("Accept")
    }
}

/// 401 `{"detail": …, "code": …}`
fn coded(text: &str, code: &str) -> Answer {
    let mut answer = detail(StatusCode::UNAUTHORIZED, text);
    answer.body["code"] = json!(code);
    answer
}

/// What is said of an access token on a protected path.
fn not_valid(message: &str) -> Answer {
    let mut answer = coded(texts::NOT_VALID, "token_not_valid");
    answer.body["messages"] = json!([
        { "token_class": "AccessToken", "token_type": "access", "message": message }
    ]);
    answer
}

/// The same failure, said of the one field that this path has for it.
pub(super) fn about(error: operations::Error, field: &'static str) -> Failure<Djoser> {
    match error {
        operations::Error::Refused(Refusal::Invalid(errors)) => {
            let problems = errors.into_iter().map(|error| {
                let name = match error.field {
                    Field::CurrentPassword => "current_password",
                    Field::Username
                    | Field::Email
                    | Field::Phone
                    | Field::Password
                    | Field::FirstName
                    | Field::LastName
                    | Field::Locale
                    | Field::Metadata
                    | Field::Identifier
                    | Field::RestorationToken
                    | Field::RefreshToken
                    | Field::IdempotencyKey
                    | Field::ServiceName
                    | Field::Permissions
                    | Field::RoleName
                    | Field::Description
                    | Field::WebhookUrl
                    | Field::EventTypes
                    | Field::Reason
                    | Field::Until => field,
                };
                FieldProblem::new(name, Shape::Breaks(error.rule))
            });
            Rejection::Fields { problems: problems.collect(), sent: Value::Null }.into()
        }
        operations::Error::Refused(refusal @ Refusal::IdentifierTaken(_)) => {
            let (_, text) = texts::say_taken(IdentifierKind::Username);
            Failure::worded(&refusal, field_errors([(field, text)]))
        }
        error @ (operations::Error::Refused(_) | operations::Error::Fault(_)) => error.into(),
    }
}
