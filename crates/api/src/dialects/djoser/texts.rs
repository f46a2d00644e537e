//! The words of `djoser`. Those that the contract quotes are wire values.

use std::time::Duration;

use domain::{IdentifierKind, TokenDefect};

pub(super) const NO_ACTIVE_ACCOUNT: &str = "No active account found with the given credentials";
pub(super) const NO_CREDENTIALS: &str = "Authentication credentials were not provided.";
pub(super) const BAD_HEADER: &str = "Authorization header must contain two space-delimited values";
pub(super) const NOT_VALID: &str = "Given token not valid for any token type";
pub(super) const USER_NOT_FOUND: &str = "User not found";
pub(super) const USER_INACTIVE: &str = "User is inactive";
pub(super) const INVALID_OR_EXPIRED: &str = "Token is invalid or expired";
pub(super) const WRONG_TYPE: &str = "Token has wrong type";
pub(super) const BLACKLISTED: &str = "Token is blacklisted";
pub(super) const SIGN_IN_HERE: &str = "Token was issued elsewhere, log in again";
pub(super) const INVALID_PASSWORD: &str = "Invalid password.";
pub(super) const INVALID_TOKEN: &str = "Invalid token for given user.";
pub(super) const INVALID_UID: &str = "Invalid user id or user doesn't exist.";
pub(super) const STALE_TOKEN: &str = "Stale token for given user.";
pub(super) const NO_CHANNEL: &str = "Nothing can be sent this way.";
pub(super) const NOT_FOUND: &str = "Not found.";
pub(super) const FORBIDDEN: &str = "You do not have permission to perform this action.";
pub(super) const LAST_ADMIN: &str = "The last active administrator must stay.";
pub(super) const REPEATED: &str = "This idempotency key was used for another request.";
pub(super) const NOT_RESTORABLE: &str = "This account cannot be restored.";
pub(super) const OVERLOADED: &str = "Service temporarily unavailable, try again later.";
pub(super) const FAILED: &str = "A server error occurred.";

/// The field, and what is said of it.
pub(super) fn say_taken(kind: IdentifierKind) -> (&'static str, String) {
    let field = match kind {
        IdentifierKind::Username => "username",
        IdentifierKind::Email => "email",
        IdentifierKind::Phone => "phone",
    };
    (field, format!("user with this {field} already exists."))
}

/// As the framework's throttles say it, in whole seconds.
pub(super) fn say_throttled(wait: Duration) -> String {
    let seconds = wait.as_secs_f64().ceil().max(1.0);
    let noun = if seconds > 1.0 { "seconds" } else { "second" };
    format!("Request was throttled. Expected available in {seconds:.0} {noun}.")
}

/// Of the access token of a protected path.
pub(super) const fn say_access_defect(defect: TokenDefect) -> &'static str {
    match defect {
        TokenDefect::WrongType => WRONG_TYPE,
        TokenDefect::Missing
        | TokenDefect::Malformed
        | TokenDefect::BadSignature
        | TokenDefect::Expired
        | TokenDefect::Revoked => INVALID_OR_EXPIRED,
    }
}

/// Of a token in a body.
pub(super) const fn say_defect(defect: TokenDefect) -> &'static str {
    match defect {
        TokenDefect::Revoked => BLACKLISTED,
        TokenDefect::WrongType
        | TokenDefect::Missing
        | TokenDefect::Malformed
        | TokenDefect::BadSignature
        | TokenDefect::Expired => say_access_defect(defect),
    }
}
