//! How `user_management` says no: `{"detail": …}`.

use domain::token::SecretToken;
use domain::{Refusal, Rule, Surface};
use http::{HeaderMap, StatusCode};

use super::texts;
use crate::dialects::russian;
use crate::kit::fastapi::{self, FastApi, Texts, detail, list_of_rules, unauthorized};
use crate::kit::{Answer, Dialect, Rejection, bare_or_bearer};

pub(crate) enum UserManagement {}

impl Dialect for UserManagement {
    const SURFACE: Surface = Surface::UserManagement;
    type Manners = FastApi;

    fn refuse(refusal: &Refusal) -> Answer {
        use StatusCode as S;
        match refusal {
            Refusal::Invalid(errors) => {
                detail(S::UNPROCESSABLE_ENTITY, list_of_rules::<Self>(errors))
            }
            Refusal::IdentifierTaken(_) => detail(S::CONFLICT, texts::TAKEN),
            Refusal::InvalidCredentials => unauthorized(texts::WRONG_CREDENTIALS),
            Refusal::AccountBlocked => unauthorized(texts::BLOCKED),
            Refusal::InvalidToken(defect) => unauthorized(texts::say_defect(*defect)),
            Refusal::WrongCurrentPassword => unauthorized(texts::WRONG_CURRENT_PASSWORD),
            Refusal::SignInHere | Refusal::SignInAgain => unauthorized(texts::SIGN_IN_HERE),
            Refusal::AccountUnverified => unauthorized(texts::UNVERIFIED),
            Refusal::CodeInvalid | Refusal::LinkInvalid | Refusal::StepMissing(..) => {
                detail(S::BAD_REQUEST, texts::BAD_CODE)
            }
            Refusal::NothingToVerify => detail(S::CONFLICT, texts::NOTHING_TO_VERIFY),
            Refusal::ChannelMissing => detail(S::CONFLICT, texts::NO_CHANNEL),
            Refusal::AccountGone
            | Refusal::UserNotFound
            // No path of this surface asks for services, keys or jobs.
            | Refusal::ServiceNotFound
            | Refusal::JobNotFound
            | Refusal::WebhookNotFound
            | Refusal::StreamNotFound
            | Refusal::EventsForgotten
            | Refusal::KeyNotFound => {
                detail(S::NOT_FOUND, texts::USER_NOT_FOUND)
            }
            Refusal::SessionNotFound => detail(S::NOT_FOUND, texts::NO_SUCH_SESSION),
            Refusal::RoleNotFound => detail(S::NOT_FOUND, texts::NO_SUCH_ROLE),
            Refusal::PermissionMissing(_) | Refusal::SetupRefused => {
                detail(S::FORBIDDEN, texts::FORBIDDEN)
            }
            Refusal::InvalidClient => unauthorized(texts::NOT_AUTHENTICATED),
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
            | Refusal::SelectionChanged { .. } => {
                detail(S::CONFLICT, texts::FORBIDDEN)
            }
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
        fastapi::reject::<Self>(rejection, unauthorized(texts::NOT_AUTHENTICATED))
    }

    fn fail() -> Answer {
        detail(StatusCode::INTERNAL_SERVER_ERROR, texts::FAILED)
    }

    fn unavailable() -> Answer {
        detail(StatusCode::SERVICE_UNAVAILABLE, texts::UNAVAILABLE)
    }

    fn token(headers: &HeaderMap) -> Result<Option<SecretToken>, Rejection> {
        Ok(bare_or_bearer(headers))
    }
}

impl Texts for UserManagement {
    fn say_rule(rule: &Rule) -> &'static str {
        russian::say_rule(rule)
    }
}
