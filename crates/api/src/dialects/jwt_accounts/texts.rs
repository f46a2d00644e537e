//! The words of `jwt_accounts`. Those that the contract quotes are wire values.

use domain::TokenDefect;

pub(super) const WRONG_CREDENTIALS: &str = "Incorrect username or password";
pub(super) const BLOCKED: &str = "Your account is blocked";
pub(super) const NO_HEADER: &str = "Invalid Authorization Header";
pub(super) const BAD_TOKEN: &str = "Invalid or expired token";
pub(super) const NOT_ADMIN: &str =
    "Access restricted. Only ['admin'] are allowed to access this endpoint.";
pub(super) const WRONG_CURRENT_PASSWORD: &str = "Incorrect current password";
pub(super) const SIGN_IN_HERE: &str = "Token issued elsewhere, log in again";
pub(super) const UNVERIFIED: &str = "The address of this account is not verified";
pub(super) const BAD_CODE: &str = "Code is wrong, used or expired";
pub(super) const NOTHING_TO_VERIFY: &str = "Nothing waits to be verified";
pub(super) const NO_CHANNEL: &str = "Nothing can be sent this way";
pub(super) const USER_NOT_FOUND: &str = "User not found";
pub(super) const SESSION_NOT_FOUND: &str = "Session not found";
pub(super) const ROLE_NOT_FOUND: &str = "Role not found";
pub(super) const LAST_ADMIN: &str = "The last active admin cannot be removed";
pub(super) const REPEATED: &str = "Idempotency key already used for another request";
pub(super) const NOT_RESTORABLE: &str = "Account cannot be restored";
pub(super) const TOO_MANY: &str = "Too many requests, try again later";
pub(super) const OVERLOADED: &str = "Too many requests, try again later";
pub(super) const FAILED: &str = "Internal Server Error";
pub(super) const UNAVAILABLE: &str = "Service Unavailable";

pub(super) fn say_taken(value: &str) -> String {
    format!("User '{value}' already exists")
}

pub(super) const fn say_defect(defect: TokenDefect) -> &'static str {
    match defect {
        TokenDefect::Missing => NO_HEADER,
        TokenDefect::Malformed
        | TokenDefect::BadSignature
        | TokenDefect::WrongType
        | TokenDefect::Expired
        | TokenDefect::Revoked => BAD_TOKEN,
    }
}
