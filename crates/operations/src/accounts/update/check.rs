//! The rules of a change, all of them before anything is done.

use domain::policy::EmailChange;
use domain::user::guesses;
use domain::{AccountPolicy, Field, FieldError, Password, Profile, Refusal, Rule, User, text};

use super::changes::{AccountChange, Change, Changes};
use crate::accounts::identifiers::{check_email, check_phone, check_username, keep};
use crate::accounts::metadata;
use crate::passwords::check_new;

/// The change as far as it keeps the rules, and every rule that it breaks.
pub(in crate::accounts) struct Checked {
    changes: Changes,
    pub(in crate::accounts) errors: Vec<FieldError>,
}

/// What differs from the account. Without one, only what can be said of any is looked at.
pub(in crate::accounts) fn check(
    policy: &AccountPolicy,
    user: Option<&User>,
    change: &AccountChange,
    password: Option<&Password>,
) -> Checked {
    let mut errors = Vec::new();
    let current = |value: fn(&User) -> Option<&str>| user.and_then(value);
    let username =
        check_change(&change.username, current(|user| user.username.as_deref()), |text| {
            check_username(text, policy, &mut errors).map(|new| (new.as_str().to_owned(), new))
        });
    let email = check_change(&change.email, current(|user| user.email.as_deref()), |text| {
        check_email(text, &mut errors).map(|new| (new.as_str().to_owned(), new))
    });
    let phone = check_change(&change.phone, current(|user| user.phone.as_deref()), |text| {
        check_phone(text, &mut errors).map(|new| (new.as_str().to_owned(), new))
    });
    let profile = user.map(|user| user.profile.clone()).unwrap_or_default();
    let is_password_new = password.is_some();
    let withdraws_email = user.is_some_and(|user| user.pending_email.is_some())
        && change.email.as_set().is_some()
        && email.is_keep();
    let changes = Changes { username, email, phone, profile, is_password_new, withdraws_email };
    if user.is_some_and(|user| !keeps_a_name(policy, user, &changes)) {
        errors.push(FieldError { field: Field::Identifier, rule: Rule::Required });
    }
    let profile = check_profile(&changes.profile, change, &mut errors);
    let changes = Changes { profile, ..changes };
    if let Some(password) = password {
        let mut known = user.map(User::guesses).unwrap_or_default();
        let [username, email, phone] = [&change.username, &change.email, &change.phone]
            .map(|change| change.as_set().map(String::as_str));
        known.extend(guesses(username, email, phone, &changes.profile));
        errors.extend(check_new(policy, password, &known));
    }
    Checked { changes, errors }
}

impl Checked {
    pub(in crate::accounts) fn whole(self) -> Result<Changes, Refusal> {
        if self.errors.is_empty() { Ok(self.changes) } else { Err(Refusal::Invalid(self.errors)) }
    }
}

/// Whether there is something left to sign in with.
fn keeps_a_name(policy: &AccountPolicy, user: &User, changes: &Changes) -> bool {
    let Changes { username, email, phone, .. } = changes;
    // An address that waits to be verified signs nobody in.
    let waits = policy.email_change == EmailChange::AfterVerification && email.as_set().is_some();
    let has_email = user.email.is_some();
    username.leaves_value(user.username.is_some())
        || (if waits { has_email } else { email.leaves_value(has_email) })
        || phone.leaves_value(user.phone.is_some())
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

/// The profile as it will be; what breaks a rule is named in `errors`.
pub(in crate::accounts) fn check_profile(
    current: &Profile,
    change: &AccountChange,
    errors: &mut Vec<FieldError>,
) -> Profile {
    let mut name = |field, change: &Change<String>, current: &str| match change {
        Change::Keep => current.to_owned(),
        Change::Clear => String::new(),
        Change::Set(name) => keep(field, text::parse_name(name), errors).unwrap_or_default(),
    };
    Profile {
        first_name: name(Field::FirstName, &change.first_name, &current.first_name),
        last_name: name(Field::LastName, &change.last_name, &current.last_name),
        locale: match &change.locale {
            Change::Keep => current.locale.clone(),
            Change::Clear => None,
            Change::Set(tag) => keep(Field::Locale, text::parse_locale(tag), errors),
        },
        metadata: match &change.metadata {
            Change::Keep => current.metadata.clone(),
            Change::Clear => "{}".to_owned(),
            Change::Set(json) => {
                keep(Field::Metadata, metadata::parse(json), errors).unwrap_or_default()
            }
        },
    }
}
