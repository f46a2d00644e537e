//! Identifiers as asked for, and the account that may already hold them.

use domain::user::Identifiers;
use domain::{
    AccountPolicy, Email, Field, FieldError, Identifier, IdentifierKind, Phone, Refusal, Rule,
    Taken, Username,
};
use storage::{UniqueKey, users};

use crate::error::Error;
use crate::services::Services;

/// What somebody wants to be known by, unchecked.
#[derive(Clone, Debug, Default)]
pub struct NewIdentifiers {
    pub username: Option<String>,
    pub email: Option<String>,
    pub phone: Option<String>,
}

impl NewIdentifiers {
    /// Checks each; what breaks a rule is named in `errors` and left out.
    pub(super) fn check(
        &self,
        policy: &AccountPolicy,
        errors: &mut Vec<FieldError>,
    ) -> Identifiers {
        let username = self.username.as_deref();
        Identifiers {
            username: username.and_then(|text| check_username(text, policy, errors)),
            email: self.email.as_deref().and_then(|text| check_email(text, errors)),
            phone: self.phone.as_deref().and_then(|text| check_phone(text, errors)),
        }
    }
}

pub(super) fn check_username(
    text: &str,
    policy: &AccountPolicy,
    errors: &mut Vec<FieldError>,
) -> Option<Username> {
    keep(Field::Username, Username::parse(text, &policy.username), errors)
}

pub(super) fn check_email(text: &str, errors: &mut Vec<FieldError>) -> Option<Email> {
    keep(Field::Email, Email::parse(text), errors)
}

pub(super) fn check_phone(text: &str, errors: &mut Vec<FieldError>) -> Option<Phone> {
    keep(Field::Phone, Phone::parse(text), errors)
}

/// The value, or none and a note about the field.
pub(super) fn keep<T>(
    field: Field,
    checked: Result<T, Rule>,
    errors: &mut Vec<FieldError>,
) -> Option<T> {
    checked.map_err(|rule| errors.push(FieldError { field, rule })).ok()
}

/// When several are taken, backends differ in which they notice; we name all that are.
pub(super) async fn find_taken(
    services: &Services,
    identifiers: &Identifiers,
) -> Result<Option<Taken>, Error> {
    let Identifiers { username, email, phone } = identifiers;
    let asked = [
        username.as_ref().map(|name| (IdentifierKind::Username, name.as_str())),
        email.as_ref().map(|email| (IdentifierKind::Email, email.as_str())),
        phone.as_ref().map(|phone| (IdentifierKind::Phone, phone.as_str())),
    ];
    let mut read = services.store.read().await?;
    let mut held = Vec::new();
    for (kind, text) in asked.into_iter().flatten() {
        let identifier = Identifier::of_kind(kind, text);
        if users::find_by_identifier(&mut read, &identifier).await?.is_some() {
            held.push((kind, text.to_owned()));
        }
    }
    Ok(Taken::from_list(held))
}

/// A conflict on an identifier's unique key, as the refusal it means here. `value` is what was
/// asked for.
pub(crate) fn taken(error: storage::Error, value: &str) -> Error {
    let storage::Error::Conflict(key) = error else { return error.into() };
    let kind = match key {
        UniqueKey::Username => IdentifierKind::Username,
        UniqueKey::Email => IdentifierKind::Email,
        UniqueKey::Phone => IdentifierKind::Phone,
        UniqueKey::RestorationToken
        | UniqueKey::EventPosition
        | UniqueKey::EventVersion
        | UniqueKey::Job
        | UniqueKey::SigningKeyGeneration
        | UniqueKey::IdempotencyKey
        | UniqueKey::Command
        | UniqueKey::ServiceName
        | UniqueKey::RateLimit
        | UniqueKey::Sending
        | UniqueKey::ProofAttempts
        | UniqueKey::Confirmation
        | UniqueKey::ConfirmationLink => return storage::Error::Conflict(key).into(),
    };
    Refusal::IdentifierTaken(Taken::one(kind, value)).into()
}
