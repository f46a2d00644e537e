//! How `jwt_accounts` says no: `{"detail": …}`, and `WWW-Authenticate` with every 401.

use domain::token::SecretToken;
use domain::{Refusal, Rule, Surface};
use http::{HeaderMap, StatusCode};

use super::texts;
use crate::dialects::english;
use crate::kit::fastapi::{self, FastApi, Texts, detail, list_of_rules, unauthorized};
use crate::kit::{Answer, Dialect, Rejection, bearer_header};

pub(crate) enum JwtAccounts {}

impl Dialect for JwtAccounts {
    const SURFACE: Surface = Surface::JwtAccounts;
    type Manners = FastApi;

    fn refuse(refusal: &Refusal) -> Answer {
        use StatusCode as S;
        match refusal {
            Refusal::Invalid(errors) => {
                detail(S::UNPROCESSABLE_ENTITY, list_of_rules::<Self>(errors))
            }
            Refusal::IdentifierTaken(taken) => detail(S::CONFLICT, texts::say_taken(taken.value())),
            Refusal::InvalidCredentials => unauthorized(texts::WRONG_CREDENTIALS),
            Refusal::AccountBlocked => unauthorized(texts::BLOCKED),
            Refusal::AccountGone => unauthorized(texts::BAD_TOKEN),
            Refusal::InvalidToken(defect) => unauthorized(texts::say_defect(*defect)),
            Refusal::WrongCurrentPassword => unauthorized(texts::WRONG_CURRENT_PASSWORD),
            Refusal::SignInHere | Refusal::SignInAgain => unauthorized(texts::SIGN_IN_HERE),
            Refusal::AccountUnverified => unauthorized(texts::UNVERIFIED),
            Refusal::CodeInvalid | Refusal::LinkInvalid | Refusal::StepMissing(..) => {
                detail(S::BAD_REQUEST, texts::BAD_CODE)
            }
            Refusal::NothingToVerify => detail(S::CONFLICT, texts::NOTHING_TO_VERIFY),
            Refusal::ChannelMissing => detail(S::CONFLICT, texts::NO_CHANNEL),
            Refusal::PermissionMissing(_) | Refusal::SetupRefused => {
                detail(S::FORBIDDEN, texts::NOT_ADMIN)
            }
            // No path of this surface asks for services, keys or jobs.
            Refusal::UserNotFound
            | Refusal::ServiceNotFound
            | Refusal::KeyNotFound
            | Refusal::JobNotFound
            | Refusal::WebhookNotFound
            | Refusal::StreamNotFound
            | Refusal::EventsForgotten => detail(S::NOT_FOUND, texts::USER_NOT_FOUND),
            Refusal::SessionNotFound => detail(S::NOT_FOUND, texts::SESSION_NOT_FOUND),
            Refusal::RoleNotFound => detail(S::NOT_FOUND, texts::ROLE_NOT_FOUND),
            Refusal::InvalidClient => unauthorized(texts::NO_HEADER),
            Refusal::ServiceNameTaken
            | Refusal::KeyFromSettings
            | Refusal::JobNotWaiting
            | Refusal::StreamInUse
            | Refusal::StreamNotStuck
            | Refusal::OwnAccount
            | Refusal::RoleNameTaken
            | Refusal::RoleHeld
            | Refusal::RoleBuiltIn
            | Refusal::SelectionTooLarge { .. }
            | Refusal::SelectionChanged { .. } => detail(S::CONFLICT, texts::NOT_ADMIN),
            Refusal::LastAdmin => detail(S::CONFLICT, texts::LAST_ADMIN),
            Refusal::IdempotencyMismatch => detail(S::UNPROCESSABLE_ENTITY, texts::REPEATED),
            Refusal::RestorationInvalid | Refusal::RestorationExpired => {
                detail(S::BAD_REQUEST, texts::NOT_RESTORABLE)
            }
            Refusal::TooManyRequests { .. } => detail(S::TOO_MANY_REQUESTS, texts::TOO_MANY),
            Refusal::Overloaded { .. } => detail(S::SERVICE_UNAVAILABLE, texts::OVERLOADED),
        }
    }

    fn reject(rejection: &Rejection) -> Answer {
        fastapi::reject::<Self>(rejection, unauthorized(texts::NO_HEADER))
    }

    fn fail() -> Answer {
        detail(StatusCode::INTERNAL_SERVER_ERROR, texts::FAILED)
    }

    fn unavailable() -> Answer {
        detail(StatusCode::SERVICE_UNAVAILABLE, texts::UNAVAILABLE)
    }

    fn token(headers: &HeaderMap) -> Result<Option<SecretToken>, Rejection> {
        bearer_header(headers)
    }
}

impl Texts for JwtAccounts {
    fn say_rule(rule: &Rule) -> &'static str {
        english::say_rule(rule)
    }
}
