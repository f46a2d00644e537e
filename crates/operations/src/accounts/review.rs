//! What is wrong with a request before anything is known about an account or the database: for
//! surfaces that say everything at once, unreadable fields included. The operations judge by the
//! same rules again.

use domain::{AccountPolicy, FieldError, Profile, text};

use super::identifiers::{check_email, check_phone, check_username, keep};
use super::register::{Register, check_profile};
use super::update::UpdateOwn;
use crate::passwords::check_new;

/// The broken rules of a registration, whatever else is missing from it.
pub fn review_registration(policy: &AccountPolicy, request: &Register) -> Vec<FieldError> {
    let mut errors = Vec::new();
    request.identifiers.check(policy, &mut errors);
    let profile = check_profile(request, &mut errors);
    errors.extend(check_new(policy, &request.password, &request.guesses(&profile)));
    errors
}

/// The broken rules of a change that do not depend on the account.
pub fn review_update(policy: &AccountPolicy, request: &UpdateOwn) -> Vec<FieldError> {
    use domain::Field::{FirstName, LastName};
    let mut errors = Vec::new();
    if let Some(text) = request.username.as_set() {
        check_username(text, policy, &mut errors);
    }
    if let Some(text) = request.email.as_set() {
        check_email(text, &mut errors);
    }
    if let Some(text) = request.phone.as_set() {
        check_phone(text, &mut errors);
    }
    for (field, change) in [(FirstName, &request.first_name), (LastName, &request.last_name)] {
        if let Some(name) = change.as_set() {
            keep(field, text::parse_name(name), &mut errors);
        }
    }
    if let Some(password) = &request.password {
        let [username, email, phone] = [&request.username, &request.email, &request.phone]
            .map(|change| change.as_set().map(String::as_str));
        let profile = Profile::default();
        let known = domain::user::guesses(username, email, phone, &profile);
        errors.extend(check_new(policy, password, &known));
    }
    errors
}
