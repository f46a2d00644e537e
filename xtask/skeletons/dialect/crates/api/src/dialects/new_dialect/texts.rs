//! The words of `new_dialect`. Those that the contract quotes are wire values.

pub(super) const NOT_AUTHENTICATED: &str = "Not authenticated";
pub(super) const WRONG_CREDENTIALS: &str = "Wrong username or password";
pub(super) const WRONG_CURRENT_PASSWORD: &str = "Wrong current password";
pub(super) const TAKEN: &str = "A user with this username or email already exists";
pub(super) const BLOCKED: &str = "The account is blocked";
pub(super) const UNVERIFIED: &str = "The address of this account is not verified";
pub(super) const SIGN_IN_AGAIN: &str = "Sign in again";
pub(super) const NOT_FOUND: &str = "Not found";
pub(super) const REFUSED: &str = "This cannot be done";
pub(super) const TOO_MANY: &str = "Too many attempts, try again later";
pub(super) const FAILED: &str = "Internal server error";
pub(super) const UNAVAILABLE: &str = "The service is not available, try again later";
