//! The rules of a change, all of them before anything is done.

use domain::policy::EmailChange;
use domain::user::guesses;
use domain::{AccountPolicy, Field, FieldError, Profile, Refusal, Rule, User, text};

use super::UpdateOwn;
use super::changes::{Change, Changes};
use crate::accounts::identifiers::{check_email, check_phone, check_username, keep};
use crate::accounts::metadata;
use crate::error::Result;
use crate::passwords::check_new;

/// What differs from the account; every broken rule is named at once.
pub(super) fn check(policy: &AccountPolicy, user: &User, request: &UpdateOwn) -> Result<Changes> {
    let mut errors = Vec::new();
    let username = check_change(&request.username, user.username.as_deref(), |text| {
        check_username(text, policy, &mut errors).map(|new| (new.as_str().to_owned(), new))
    });
    let email = check_change(&request.email, user.email.as_deref(), |text| {
        check_email(text, &mut errors).map(|new| (new.as_str().to_owned(), new))
    });
    let phone = check_change(&request.phone, user.phone.as_deref(), |text| {
        check_phone(text, &mut errors).map(|new| (new.as_str().to_owned(), new))
    });
    // An address that waits to be verified signs nobody in.
    let waits = policy.email_change == EmailChange::AfterVerification && email.as_set().is_some();
    let keeps_email =
        if waits { user.email.is_some() } else { email.leaves_value(user.email.is_some()) };
    let keeps_a_name = username.leaves_value(user.username.is_some())
        || keeps_email
        || phone.leaves_value(user.phone.is_some());
    if !keeps_a_name {
        errors.push(FieldError { field: Field::Identifier, rule: Rule::Required });
    }
    let profile = check_profile(user, request, &mut errors);
    if let Some(password) = &request.password {
        let mut known = user.guesses();
        let UpdateOwn { username, email, phone, .. } = request;
        let [username, email, phone] =
            [username, email, phone].map(|change| change.as_set().map(String::as_str));
        known.extend(guesses(username, email, phone, &profile));
        errors.extend(check_new(policy, password, &known));
    }
    if errors.is_empty() {
        Ok(Changes { username, email, phone, profile, password: None })
    } else {
        Err(Refusal::Invalid(errors).into())
    }
}

/// What is set to its present value, or cleared while it is not set, is kept. `check` answers
/// the value as it will be shown, and the value.
fn check_change<T>(
    change: &Change<String>,
    current: Option<&str>,
    check: impl FnOnce(&str) -> Option<(String, T)>,
) -> Change<T> {
    match change {
        Change::Clear if current.is_some() => Change::Clear,
        Change::Set(text) => match check(text) {
            Some((shown, value)) if current != Some(shown.as_str()) => Change::Set(value),
            Some(_) | None => Change::Keep,
        },
        Change::Keep | Change::Clear => Change::Keep,
    }
}

fn check_profile(user: &User, request: &UpdateOwn, errors: &mut Vec<FieldError>) -> Profile {
    let current = &user.profile;
    let mut name = |field, change: &Change<String>, current: &str| match change {
        Change::Keep => current.to_owned(),
        Change::Clear => String::new(),
        Change::Set(name) => keep(field, text::parse_name(name), errors).unwrap_or_default(),
    };
    Profile {
        first_name: name(Field::FirstName, &request.first_name, &current.first_name),
        last_name: name(Field::LastName, &request.last_name, &current.last_name),
        locale: match &request.locale {
            Change::Keep => current.locale.clone(),
            Change::Clear => None,
            Change::Set(tag) => keep(Field::Locale, text::parse_locale(tag), errors),
        },
        metadata: match &request.metadata {
            Change::Keep => current.metadata.clone(),
            Change::Clear => "{}".to_owned(),
            Change::Set(json) => {
                keep(Field::Metadata, metadata::parse(json), errors).unwrap_or_default()
            }
        },
    }
}
