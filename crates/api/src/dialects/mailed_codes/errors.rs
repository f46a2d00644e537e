//! How `mailed_codes` says no: 400 `{"message": …}`.

use domain::flow::{FlowKind, FlowStep};
use domain::token::SecretToken;
use domain::{Field, IdentifierKind, Refusal, Rule, Surface};
use http::{HeaderMap, StatusCode};
use serde_json::json;

use super::texts;
use crate::dialects::russian;
use crate::kit::fastapi::{self, FastApi, FieldNames, Texts, detail, list_of_rules};
use crate::kit::{Answer, Dialect, Rejection, bare_or_bearer};

pub(crate) enum MailedCodes {}

pub(crate) enum Logins {}

impl FieldNames for Logins {
    const RENAMED: &'static [(Field, &'static str)] =
        &[(Field::Identifier, "login"), (Field::Username, "login")];
}

impl Dialect for MailedCodes {
    const SURFACE: Surface = Surface::MailedCodes;
    type Manners = FastApi<Logins>;

    fn refuse(refusal: &Refusal) -> Answer {
        match refusal {
            Refusal::Invalid(errors) => {
                detail(StatusCode::UNPROCESSABLE_ENTITY, list_of_rules::<Self>(errors))
            }
            Refusal::IdentifierTaken(taken) if taken.kind() == IdentifierKind::Username => {
                bad(texts::LOGIN_TAKEN)
            }
            Refusal::IdentifierTaken(_) => bad(texts::EMAIL_TAKEN),
            Refusal::InvalidCredentials => bad(texts::WRONG_CREDENTIALS),
            Refusal::AccountBlocked => bad(texts::BLOCKED),
            Refusal::InvalidToken(_) | Refusal::SignInHere | Refusal::SignInAgain => {
                bad(texts::BAD_TOKEN)
            }
            Refusal::WrongCurrentPassword => bad(texts::WRONG_CURRENT_PASSWORD),
            Refusal::AccountUnverified => bad(texts::UNVERIFIED),
            Refusal::CodeInvalid => bad(texts::WRONG_CODE),
            Refusal::StepMissing(kind, step) => bad(step_missing(*kind, *step)),
            Refusal::LinkInvalid => bad(texts::NO_CODE),
            Refusal::NothingToVerify => bad(texts::NOTHING_TO_VERIFY),
            Refusal::ChannelMissing => bad(texts::NO_CHANNEL),
            Refusal::AccountGone | Refusal::UserNotFound => bad(texts::NO_SUCH_USER),
            Refusal::RestorationInvalid | Refusal::RestorationExpired => bad(texts::NOT_RESTORABLE),
            Refusal::IdempotencyMismatch => bad(texts::REPEATED),
            // No path of this surface asks for these.
            Refusal::ServiceNotFound
            | Refusal::JobNotFound
            | Refusal::WebhookNotFound
            | Refusal::StreamNotFound
            | Refusal::EventsForgotten
            | Refusal::KeyNotFound
            | Refusal::SessionNotFound
            | Refusal::RoleNotFound
            | Refusal::PermissionMissing(_)
            | Refusal::SetupRefused
            | Refusal::InvalidClient
            | Refusal::ServiceNameTaken
            | Refusal::KeyFromSettings
            | Refusal::JobNotWaiting
            | Refusal::StreamInUse
            | Refusal::StreamNotStuck
            | Refusal::OwnAccount
            | Refusal::RoleNameTaken
            | Refusal::RoleHeld
            | Refusal::RoleBuiltIn
            | Refusal::LastAdmin
            | Refusal::SelectionTooLarge { .. }
            | Refusal::SelectionChanged { .. } => bad(texts::FORBIDDEN),
            Refusal::TooManyRequests { .. } => {
                message(StatusCode::TOO_MANY_REQUESTS, texts::TOO_MANY)
            }
            Refusal::Overloaded { .. } => {
                message(StatusCode::SERVICE_UNAVAILABLE, texts::OVERLOADED)
            }
        }
    }

    fn reject(rejection: &Rejection) -> Answer {
        fastapi::reject::<Self>(rejection, bad(texts::BAD_TOKEN))
    }

    fn fail() -> Answer {
        message(StatusCode::INTERNAL_SERVER_ERROR, texts::FAILED)
    }

    fn unavailable() -> Answer {
        message(StatusCode::SERVICE_UNAVAILABLE, texts::UNAVAILABLE)
    }

    fn token(headers: &HeaderMap) -> Result<Option<SecretToken>, Rejection> {
        Ok(bare_or_bearer(headers))
    }
}

impl Texts for MailedCodes {
    const LINKS_ERRORS: bool = false;

    fn say_rule(rule: &Rule) -> &'static str {
        russian::say_rule(rule)
    }
}

/// 400 `{"message": …}`
pub(super) fn bad(text: &str) -> Answer {
    message(StatusCode::BAD_REQUEST, text)
}

/// 403 `{"message": …}`
pub(super) fn forbidden(text: &str) -> Answer {
    message(StatusCode::FORBIDDEN, text)
}

fn message(status: StatusCode, text: &str) -> Answer {
    Answer::new(status, "application/json", json!({ "message": text }))
}

const fn step_missing(kind: FlowKind, step: FlowStep) -> &'static str {
    match (kind, step) {
        (FlowKind::Registration, _) => texts::NOT_REGISTERING,
        (FlowKind::SignIn, _) => texts::NOT_SIGNING_IN,
        (FlowKind::Recovery, FlowStep::Code) => texts::NO_EMAIL,
        (FlowKind::Recovery, FlowStep::NewPassword) => texts::NO_CODE,
    }
}
