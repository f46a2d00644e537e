//! How `new_dialect` says no: `{"detail": …}`.

use domain::token::SecretToken;
use domain::{Refusal, Rule, Surface};
use http::{HeaderMap, StatusCode};

use super::texts;
use crate::dialects::english;
use crate::kit::fastapi::{self, FastApi, Texts, detail, list_of_rules, unauthorized};
use crate::kit::{Answer, Dialect, Rejection, bare_or_bearer};

pub(crate) enum NewDialect {}

impl Dialect for NewDialect {
    const SURFACE: Surface = Surface::NewDialect;
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
            Refusal::AccountUnverified => unauthorized(texts::UNVERIFIED),
            Refusal::InvalidToken(_) | Refusal::InvalidClient => {
                unauthorized(texts::NOT_AUTHENTICATED)
            }
            Refusal::WrongCurrentPassword => unauthorized(texts::WRONG_CURRENT_PASSWORD),
            Refusal::SignInHere | Refusal::SignInAgain => unauthorized(texts::SIGN_IN_AGAIN),
            Refusal::TooManyRequests { .. } => detail(S::TOO_MANY_REQUESTS, texts::TOO_MANY),
            Refusal::Overloaded { .. } => detail(S::SERVICE_UNAVAILABLE, texts::UNAVAILABLE),
            // What follows is refused by operations that no path of this surface calls yet.
            Refusal::CodeInvalid
            | Refusal::LinkInvalid
            | Refusal::StepMissing(..)
            | Refusal::RestorationInvalid
            | Refusal::RestorationExpired => detail(S::BAD_REQUEST, texts::REFUSED),
            Refusal::PermissionMissing(_) | Refusal::SetupRefused => {
                detail(S::FORBIDDEN, texts::REFUSED)
            }
            Refusal::AccountGone
            | Refusal::UserNotFound
            | Refusal::SessionNotFound
            | Refusal::RoleNotFound
            | Refusal::ServiceNotFound
            | Refusal::JobNotFound
            | Refusal::WebhookNotFound
            | Refusal::StreamNotFound
            | Refusal::EventsForgotten
            | Refusal::KeyNotFound => detail(S::NOT_FOUND, texts::NOT_FOUND),
            Refusal::NothingToVerify
            | Refusal::ChannelMissing
            | Refusal::ServiceNameTaken
            | Refusal::KeyFromSettings
            | Refusal::JobNotWaiting
            | Refusal::StreamInUse
            | Refusal::StreamNotStuck
            | Refusal::OwnAccount
            | Refusal::RoleNameTaken
            | Refusal::RoleHeld
            | Refusal::RoleBuiltIn
            | Refusal::SelectionTooLarge { .. }
            | Refusal::SelectionChanged { .. }
            | Refusal::LastAdmin => detail(S::CONFLICT, texts::REFUSED),
            Refusal::IdempotencyMismatch => detail(S::UNPROCESSABLE_ENTITY, texts::REFUSED),
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

impl Texts for NewDialect {
    fn say_rule(rule: &Rule) -> &'static str {
        english::say_rule(rule)
    }
}
