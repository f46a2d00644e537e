//! What is wrong with a request before anything is known about an account or the database: for
//! surfaces that say everything at once, unreadable fields included. The operations judge by the
//! same rules again.

use domain::{AccountPolicy, Field, FieldError, Password};

use super::register::Register;
use super::update::{AccountChange, check};

/// The broken rules of a registration, whatever else is missing from it.
pub fn review_registration(policy: &AccountPolicy, request: &Register) -> Vec<FieldError> {
    let (_, _, mut errors) = request.check(policy);
    errors.retain(|error| error.field != Field::Identifier);
    errors
}

/// The broken rules of a change that do not depend on the account.
pub fn review_update(
    policy: &AccountPolicy,
    change: &AccountChange,
    password: Option<&Password>,
) -> Vec<FieldError> {
    check(policy, None, change, password).errors
}
