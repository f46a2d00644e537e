//! The words of the native API, in one place.

use domain::{CharacterClass, IdentifierKind, Permission, Refusal, Rule, TokenDefect};
use http::StatusCode;

use crate::kit::{JsonKind, QueryFault, Shape};

/// The status and the words for each refusal.
pub(super) fn say(refusal: &Refusal) -> (StatusCode, String) {
    use StatusCode as S;
    let (status, detail) = match refusal {
        Refusal::Invalid(_) => (S::UNPROCESSABLE_ENTITY, "Some fields are not as they should be."),
        Refusal::IdentifierTaken(taken) => {
            let detail = match taken.kind() {
                IdentifierKind::Username => "This username is taken.",
                IdentifierKind::Email => "This e-mail address is taken.",
                IdentifierKind::Phone => "This phone number is taken.",
            };
            (S::CONFLICT, detail)
        }
        Refusal::InvalidCredentials => {
            (S::UNAUTHORIZED, "No account fits this identifier and password.")
        }
        Refusal::AccountBlocked => (S::FORBIDDEN, "This account is blocked."),
        Refusal::AccountGone => (S::UNAUTHORIZED, "This account does not exist any more."),
        Refusal::InvalidToken(defect) => (S::UNAUTHORIZED, say_defect(*defect)),
        Refusal::IdempotencyMismatch => {
            (S::UNPROCESSABLE_ENTITY, "This Idempotency-Key was used for another request.")
        }
        Refusal::WrongCurrentPassword => (S::UNAUTHORIZED, "The current password is wrong."),
        Refusal::SignInHere => {
            (S::UNAUTHORIZED, "This token is from elsewhere: sign in here first.")
        }
        Refusal::SignInAgain => {
            (S::FORBIDDEN, "You signed in too long ago for this: sign in again first.")
        }
        Refusal::AccountUnverified => {
            (S::FORBIDDEN, "The address of this account is not verified yet.")
        }
        Refusal::CodeInvalid => (S::BAD_REQUEST, "This code is wrong, used or too old."),
        Refusal::LinkInvalid => (S::BAD_REQUEST, "This link or ticket is wrong, used or too old."),
        Refusal::StepMissing(..) => {
            (S::BAD_REQUEST, "The step before this one was not done, or is over.")
        }
        Refusal::NothingToVerify => (S::CONFLICT, "There is no address that waits to be verified."),
        Refusal::ChannelMissing => (S::CONFLICT, "Nothing can be sent this way here."),
        Refusal::PermissionMissing(permission) => {
            let detail = format!("This needs the permission {}.", permission.as_str());
            return (S::FORBIDDEN, detail);
        }
        Refusal::UserNotFound => (S::NOT_FOUND, "There is no such account."),
        Refusal::SessionNotFound => (S::NOT_FOUND, "There is no such session."),
        Refusal::RoleNotFound => (S::NOT_FOUND, "There is no such role."),
        Refusal::OwnAccount => (
            S::CONFLICT,
            "This is your own account: use /users/current, which asks for your password.",
        ),
        Refusal::RoleNameTaken => (S::CONFLICT, "Another role has this name."),
        Refusal::RoleHeld => {
            (S::CONFLICT, "Somebody has this role. With force=true it is taken from everybody.")
        }
        Refusal::RoleBuiltIn => {
            (S::CONFLICT, "This role is built in: it stays, and admin keeps what it permits.")
        }
        Refusal::SelectionTooLarge { most } => {
            let detail = format!("This is about more than {most} accounts. Take fewer at a time.");
            return (S::UNPROCESSABLE_ENTITY, detail);
        }
        Refusal::SelectionChanged { count } => {
            let detail = format!("By now {count} accounts are meant. Look again before you act.");
            return (S::CONFLICT, detail);
        }
        Refusal::LastAdmin => (S::CONFLICT, "The last active administrator must stay."),
        Refusal::SetupRefused => (
            S::FORBIDDEN,
            "This setup token is wrong or was used, or there is an administrator already.",
        ),
        Refusal::RestorationInvalid => {
            (S::BAD_REQUEST, "This restoration token fits no deleted account.")
        }
        Refusal::RestorationExpired => {
            (S::GONE, "The time in which this account could be restored is over.")
        }
        Refusal::InvalidClient => (S::UNAUTHORIZED, "No service has these credentials."),
        Refusal::ServiceNotFound => (S::NOT_FOUND, "There is no such service."),
        Refusal::ServiceNameTaken => (S::CONFLICT, "Another service has this name."),
        Refusal::KeyNotFound => (S::NOT_FOUND, "There is no such key."),
        Refusal::KeyFromSettings => {
            (S::CONFLICT, "This key is the secret of the settings: exchange it there.")
        }
        Refusal::JobNotFound => (S::NOT_FOUND, "There is no such job."),
        Refusal::WebhookNotFound => (S::NOT_FOUND, "There is no such webhook."),
        Refusal::StreamNotFound => (S::NOT_FOUND, "Nothing of this name was told of events."),
        Refusal::StreamInUse => (S::CONFLICT, "This is told of events, or will be again."),
        Refusal::StreamNotStuck => (S::CONFLICT, "No event is in the way of this stream."),
        Refusal::EventsForgotten => {
            (S::GONE, "The next events are not kept any more: begin anew, without a cursor.")
        }
        Refusal::JobNotWaiting => {
            (S::CONFLICT, "This job does not wait: it runs, is done, or nothing is left of it.")
        }
        Refusal::TooManyRequests { .. } => {
            (S::TOO_MANY_REQUESTS, "This was tried too often. Wait as long as Retry-After says.")
        }
        Refusal::Overloaded { .. } => {
            (S::SERVICE_UNAVAILABLE, "Too many sign-ins at once. Try again in a moment.")
        }
    };
    (status, detail.to_owned())
}

const fn say_defect(defect: TokenDefect) -> &'static str {
    match defect {
        TokenDefect::Missing => "A token is needed.",
        TokenDefect::Malformed => "This is not a token of ours.",
        TokenDefect::BadSignature => "The token's signature does not fit.",
        TokenDefect::WrongType => "This token is not meant for this.",
        TokenDefect::Expired => "The token has expired.",
        TokenDefect::Revoked => "The session of this token is over.",
    }
}

/// RFC 6750 §3.1.
pub(super) const TWO_TOKENS: &str = "Bearer realm=\"vestibule\", error=\"invalid_request\"";

/// RFC 6750 §3: no error code when no token was sent.
pub(super) const fn challenge(refusal: &Refusal) -> Option<&'static str> {
    match refusal {
        Refusal::InvalidToken(TokenDefect::Missing)
        | Refusal::InvalidCredentials
        | Refusal::SignInHere
        | Refusal::WrongCurrentPassword => Some("Bearer realm=\"vestibule\""),
        Refusal::InvalidToken(_) | Refusal::AccountGone => {
            Some("Bearer realm=\"vestibule\", error=\"invalid_token\"")
        }
        // RFC 7617, as RFC 6749 §5.2 asks for.
        Refusal::InvalidClient => Some("Basic realm=\"vestibule\", charset=\"UTF-8\""),
        Refusal::Invalid(_)
        | Refusal::IdentifierTaken(_)
        | Refusal::AccountBlocked
        | Refusal::IdempotencyMismatch
        | Refusal::SignInAgain
        | Refusal::AccountUnverified
        | Refusal::CodeInvalid
        | Refusal::LinkInvalid
        | Refusal::StepMissing(..)
        | Refusal::NothingToVerify
        | Refusal::ChannelMissing
        | Refusal::PermissionMissing(_)
        | Refusal::UserNotFound
        | Refusal::OwnAccount
        | Refusal::SessionNotFound
        | Refusal::RoleNotFound
        | Refusal::RoleNameTaken
        | Refusal::RoleHeld
        | Refusal::RoleBuiltIn
        | Refusal::SelectionTooLarge { .. }
        | Refusal::SelectionChanged { .. }
        | Refusal::LastAdmin
        | Refusal::SetupRefused
        | Refusal::RestorationInvalid
        | Refusal::RestorationExpired
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
        | Refusal::Overloaded { .. } => None,
    }
}

pub(super) fn say_rule(rule: &Rule) -> String {
    let text = match rule {
        Rule::Required => "This is needed.",
        Rule::TooShort { min } => return format!("At least {min} characters are needed."),
        Rule::TooLong { max } => return format!("At most {max} characters are allowed."),
        Rule::ForbiddenCharacter => "A character here is not allowed.",
        Rule::MissingClass(CharacterClass::Lower) => "A lower-case letter is needed.",
        Rule::MissingClass(CharacterClass::Upper) => "An upper-case letter is needed.",
        Rule::MissingClass(CharacterClass::Digit) => "A digit is needed.",
        Rule::MissingClass(CharacterClass::Dash) => "A - or _ is needed.",
        Rule::NotAnEmail => "This is not an e-mail address.",
        Rule::NotAPhone => "This is not a phone number: + and 7 to 15 digits are.",
        Rule::LooksLikeEmail => "A username may not look like an e-mail address.",
        Rule::LooksLikePhone => "A username may not look like a phone number.",
        Rule::NotALocale => "This is not a language tag such as en or pt-BR.",
        Rule::CommonPassword => "This password is among the first that attackers try.",
        Rule::ContextWord => {
            "This password is too close to the name of the account or the service."
        }
        Rule::OnlyDigits => "Digits alone are not enough.",
        Rule::TooSimilar(_) => "This password is too much like something in the account.",
        Rule::NotAnObject => "This must be an object.",
        Rule::UnknownPermission(name) => {
            let known = Permission::OF_SERVICES.map(Permission::as_str).join(", ");
            return format!("A service has no permission \"{name}\"; there are {known}.");
        }
        Rule::NoPermissionOfRoles(name) => {
            let known: Vec<&str> = Permission::of_roles().map(Permission::as_str).collect();
            let known = known.join(", ");
            return format!("A role has no permission \"{name}\"; there are {known}.");
        }
        Rule::NoWebhook(why) => return format!("This {why}."),
        Rule::UnknownEventType(name) => return format!("There are no events \"{name}\"."),
        Rule::NotInFuture => "This time is over already.",
    };
    text.to_owned()
}

/// The code and the words for a field that cannot be read.
pub(super) fn say_shape(shape: &Shape) -> (&'static str, String) {
    match shape {
        Shape::Missing => ("required", "This is needed.".to_owned()),
        Shape::Unknown => ("unknown_field", "There is no such field here.".to_owned()),
        Shape::Superfluous => ("superfluous", "Give only one of these.".to_owned()),
        Shape::Blank => ("required", "This must say something.".to_owned()),
        Shape::Unlike { pattern, .. } => ("unlike", format!("This must say {pattern}.")),
        Shape::Breaks(rule) => (rule.code(), say_rule(rule)),
        Shape::Duplicate => ("duplicate", "This may stand only once, in the body.".to_owned()),
        Shape::WrongType { expected, found } => {
            let (expected, found) = (say_kind(*expected), say_kind(*found));
            ("wrong_type", format!("This must be {expected}, not {found}."))
        }
    }
}

pub(super) const fn say_kind(kind: JsonKind) -> &'static str {
    match kind {
        JsonKind::Null => "null",
        JsonKind::Boolean => "a boolean",
        JsonKind::Integer | JsonKind::Float => "a number",
        JsonKind::String => "a string",
        JsonKind::Array => "an array",
        JsonKind::Object => "an object",
    }
}

/// The code and the words for a parameter of the query.
pub(super) fn say_query(fault: &QueryFault) -> (&'static str, String) {
    match fault {
        QueryFault::NotAnInteger => ("wrong_type", "This must be a whole number.".to_owned()),
        QueryFault::Below(least) => ("too_small", format!("This must be at least {least}.")),
        QueryFault::Above(most) => ("too_large", format!("This must be at most {most}.")),
        QueryFault::NotACursor => {
            ("not_a_cursor", "This is not the `next` of an earlier answer.".to_owned())
        }
        QueryFault::NotABoolean => ("wrong_type", "This must be true or false.".to_owned()),
        QueryFault::NotATime => {
            let detail = "This must be a time of RFC 3339 or a date, such as 2026-11-20.";
            ("not_a_time", detail.to_owned())
        }
        QueryFault::NotText => {
            ("wrong_type", "This must be a string, a boolean or a list of strings.".to_owned())
        }
        QueryFault::Unknown => ("unknown_field", "There is no such parameter here.".to_owned()),
        QueryFault::Twice => ("duplicate", "This may stand only once.".to_owned()),
        QueryFault::Superfluous => ("superfluous", "Give only one of these.".to_owned()),
        QueryFault::Breaks(rule) => (rule.code(), say_rule(rule)),
        QueryFault::NotOneOf(all) => ("unknown_value", format!("One of {}.", all.join(", "))),
    }
}
