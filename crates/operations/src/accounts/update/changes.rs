//! What becomes of each value.

use domain::policy::EmailChange;
use domain::{AccountPolicy, Email, Phone, Profile, User, Username};

use crate::audit::Values;

/// What is asked for, unchecked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AccountChange {
    pub username: Change<String>,
    pub email: Change<String>,
    pub phone: Change<String>,
    pub first_name: Change<String>,
    pub last_name: Change<String>,
    pub locale: Change<String>,
    /// A JSON object, as text.
    pub metadata: Change<String>,
}

/// What becomes of one value.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Change<T> {
    #[default]
    Keep,
    Clear,
    Set(T),
}

/// The parts of a request that differ from the account, checked.
pub(in crate::accounts) struct Changes {
    pub(super) username: Change<Username>,
    pub(super) email: Change<Email>,
    pub(super) phone: Change<Phone>,
    pub(super) profile: Profile,
    pub(super) is_password_new: bool,
    /// The present address was asked for while another one waits to take its place.
    pub(super) withdraws_email: bool,
}

impl<T> Change<T> {
    pub fn is_keep(&self) -> bool {
        matches!(self, Self::Keep)
    }

    /// The new value, if there is one.
    pub fn as_set(&self) -> Option<&T> {
        match self {
            Self::Set(value) => Some(value),
            Self::Keep | Self::Clear => None,
        }
    }

    /// The value afterwards, as it is shown.
    pub(super) fn after(&self, before: Option<&str>, show: fn(&T) -> &str) -> Option<String> {
        match self {
            Self::Keep => before.map(str::to_owned),
            Self::Clear => None,
            Self::Set(value) => Some(show(value).to_owned()),
        }
    }

    /// Whether there is a value afterwards, when there is one before or not.
    pub(super) fn leaves_value(&self, had_value: bool) -> bool {
        match self {
            Self::Keep => had_value,
            Self::Clear => false,
            Self::Set(_) => true,
        }
    }
}

impl Changes {
    /// Whether the account can be reached or opened another way afterwards.
    pub(super) fn is_sensitive(&self) -> bool {
        !self.email.is_keep() || !self.phone.is_keep() || self.is_password_new
    }

    /// Whether the account is known by something else afterwards.
    pub(super) fn is_of_identifiers(&self) -> bool {
        !self.username.is_keep() || !self.email.is_keep() || !self.phone.is_keep()
    }

    /// Whether mail goes elsewhere at once: an address that waits to be verified replaces nothing.
    pub(super) fn replaces_email(&self, policy: &AccountPolicy) -> bool {
        match (&self.email, policy.email_change) {
            (Change::Keep, _) | (Change::Set(_), EmailChange::AfterVerification) => false,
            (Change::Clear, _)
            | (Change::Set(_), EmailChange::AtOnce | EmailChange::ByAdministrator) => true,
        }
    }

    /// The profile's fields that change, with their values.
    pub(super) fn values(&self, user: &User) -> Values {
        let (old, new) = (&user.profile, &self.profile);
        let (username, phone) = (user.username.as_deref(), user.phone.as_deref());
        let text = |text: &str| Some(text.to_owned());
        Values::default()
            .changed(
                "username",
                user.username.clone(),
                self.username.after(username, Username::as_str),
            )
            .changed("phone", user.phone.clone(), self.phone.after(phone, Phone::as_str))
            .changed("first_name", text(&old.first_name), text(&new.first_name))
            .changed("last_name", text(&old.last_name), text(&new.last_name))
            .changed("locale", old.locale.clone(), new.locale.clone())
            .changed("metadata", text(&old.metadata), text(&new.metadata))
    }
}
