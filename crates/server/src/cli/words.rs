//! What the command line says when an operation refuses. Every refusal is answered here.

use domain::{
    CharacterClass, Field, FieldError, IdentifierKind, Permission, Refusal, Rule, TokenDefect,
};

/// In plain English, to be read after `refused: `.
pub(super) fn say(refusal: &Refusal) -> String {
    let text = match refusal {
        Refusal::Invalid(errors) => return say_all(errors),
        Refusal::IdentifierTaken(taken) => {
            let kind = say_kind(taken.kind());
            return format!("another account has this {kind}; deleted accounts keep theirs");
        }
        Refusal::InvalidCredentials => "no account fits this identifier and password",
        Refusal::AccountBlocked => "the account is blocked",
        Refusal::AccountGone => "the account does not exist any more",
        Refusal::InvalidToken(defect) => say_defect(*defect),
        Refusal::IdempotencyMismatch => "this idempotency key was used for another request",
        Refusal::WrongCurrentPassword => "the current password is wrong",
        Refusal::SignInHere => "sign in on this surface first",
        Refusal::SignInAgain => "sign in again first",
        Refusal::AccountUnverified => "the address of the account is not verified yet",
        Refusal::CodeInvalid => "the code is wrong, used or too old",
        Refusal::LinkInvalid => "the link or ticket is wrong, used or too old",
        Refusal::StepMissing(..) => "the step before this one was not done, or is over",
        Refusal::NothingToVerify => "the account has no address that waits to be verified",
        Refusal::ChannelMissing => "there is no means to send this here: see [sms] of the settings",
        Refusal::PermissionMissing(permission) => {
            return format!("this needs the permission {}", permission.as_str());
        }
        Refusal::UserNotFound => "there is no such account",
        Refusal::SessionNotFound => "the account has no such live session",
        Refusal::RoleNotFound => "there is no such role: see vestibule role list",
        Refusal::RoleNameTaken => "another role has this name",
        Refusal::RoleHeld => "somebody has this role; to take it from everybody, say --force",
        Refusal::OwnAccount => "nobody does this to his own account",
        Refusal::RoleBuiltIn => "this role is built in: it stays, and admin keeps what it permits",
        Refusal::SelectionTooLarge { most } => {
            return format!("these are more than {most} accounts; take fewer at a time");
        }
        Refusal::SelectionChanged { count } => {
            return format!("by now {count} accounts are meant; look again without --apply");
        }
        Refusal::LastAdmin => {
            "this is the last active administrator; make another one first: \
             vestibule user grant ACCOUNT admin"
        }
        Refusal::SetupRefused => {
            "there is or was an administrator, and the setup never opens again: \
             vestibule user grant ACCOUNT admin"
        }
        Refusal::RestorationInvalid => "the restoration token fits no deleted account",
        Refusal::RestorationExpired => "the time in which the account could be restored is over",
        Refusal::InvalidClient => "no service has these credentials",
        Refusal::ServiceNotFound => "there is no such service: see vestibule service list",
        Refusal::ServiceNameTaken => "another service has this name",
        Refusal::JobNotFound => "there is no such job: see vestibule jobs list",
        Refusal::EventsForgotten => {
            "the events behind this cursor are not kept any more: begin without --after, with the \
             first that are"
        }
        Refusal::WebhookNotFound => "there is no such webhook: see vestibule webhook list",
        Refusal::StreamNotFound => {
            "nothing of this name was told of events: see vestibule events status"
        }
        Refusal::StreamInUse => {
            "it is in use: topics are in the settings, and webhooks are deleted by \
             vestibule webhook delete"
        }
        Refusal::StreamNotStuck => {
            "no event is in its way: it takes them, or nobody answers there at all; see \
             vestibule events status"
        }
        Refusal::JobNotWaiting => {
            "the job does not wait: it is parked already, runs, is done, or nothing is left of what \
             it would do"
        }
        Refusal::KeyNotFound => "there is no such key: see vestibule keys list",
        Refusal::KeyFromSettings => {
            "this key is a secret of the settings, tokens.hs256_secret or that of a dialect: \
             exchange it there and restart every instance"
        }
        Refusal::TooManyRequests { .. } => "tried too often; wait a while",
        Refusal::Overloaded { .. } => "too many passwords are hashed at once; try again",
    };
    text.to_owned()
}

fn say_all(errors: &[FieldError]) -> String {
    let errors: Vec<String> = errors
        .iter()
        .map(|error| format!("{} {}", say_field(error.field), say_rule(&error.rule)))
        .collect();
    errors.join("; ")
}

pub(super) const fn say_kind(kind: IdentifierKind) -> &'static str {
    match kind {
        IdentifierKind::Username => "username",
        IdentifierKind::Email => "e-mail address",
        IdentifierKind::Phone => "phone number",
    }
}

const fn say_field(field: Field) -> &'static str {
    match field {
        Field::Username => "the username",
        Field::Email => "the e-mail address",
        Field::Phone => "the phone number",
        Field::Password => "the password",
        Field::CurrentPassword => "the current password",
        Field::FirstName => "the first name",
        Field::LastName => "the last name",
        Field::Locale => "the locale",
        Field::Metadata => "the metadata",
        Field::Identifier => "a username, e-mail address or phone number",
        Field::RestorationToken => "the restoration token",
        Field::RefreshToken => "the refresh token",
        Field::IdempotencyKey => "the idempotency key",
        Field::ServiceName | Field::RoleName => "the name",
        Field::Permissions => "the permissions:",
        Field::Description => "the description",
        Field::WebhookUrl => "the URL",
        Field::EventTypes => "the types:",
        Field::Reason => "the reason",
        Field::Until => "the time until which somebody is blocked",
    }
}

pub(super) fn say_rule(rule: &Rule) -> String {
    let text = match rule {
        Rule::Required => "is needed",
        Rule::TooShort { min } => return format!("needs at least {min} characters"),
        Rule::TooLong { max } => return format!("may have at most {max} characters"),
        Rule::ForbiddenCharacter => "holds a character that is not allowed there",
        Rule::MissingClass(CharacterClass::Lower) => "needs a lower-case letter",
        Rule::MissingClass(CharacterClass::Upper) => "needs an upper-case letter",
        Rule::MissingClass(CharacterClass::Digit) => "needs a digit",
        Rule::MissingClass(CharacterClass::Dash) => "needs a - or _",
        Rule::NotAnEmail => "is not one",
        Rule::NotAPhone => "is not one: + and 7 to 15 digits are",
        Rule::LooksLikeEmail => "may not look like an e-mail address",
        Rule::LooksLikePhone => "may not look like a phone number",
        Rule::NotALocale => "is not a language tag such as en or pt-BR",
        Rule::CommonPassword => "is among the first that attackers try",
        Rule::ContextWord => "is too close to the name of the account or the service",
        Rule::OnlyDigits => "may not be digits alone",
        Rule::TooSimilar(_) => "is too much like something in the account",
        Rule::NotAnObject => "is not an object",
        Rule::UnknownPermission(name) => {
            let known = Permission::OF_SERVICES.map(Permission::as_str).join(", ");
            return format!("a service has no permission \"{name}\"; there are {known}");
        }
        Rule::NoPermissionOfRoles(name) => {
            let known: Vec<&str> = Permission::of_roles().map(Permission::as_str).collect();
            let known = known.join(", ");
            return format!("a role has no permission \"{name}\"; there are {known}");
        }
        Rule::NoWebhook(why) => why,
        Rule::UnknownEventType(name) => {
            return format!("there are no events \"{name}\": see docs/reference/events.md");
        }
        Rule::NotInFuture => "is over already",
    };
    text.to_owned()
}

const fn say_defect(defect: TokenDefect) -> &'static str {
    match defect {
        TokenDefect::Missing => "a token is needed",
        TokenDefect::Malformed => "this is not a token of ours",
        TokenDefect::BadSignature => "the signature of the token does not fit",
        TokenDefect::WrongType => "the token is not meant for this",
        TokenDefect::Expired => "the token has expired",
        TokenDefect::Revoked => "the account changed meanwhile; look at it again",
    }
}
