//! What `mailed_codes` sends and takes.

use axum::Json;
use axum::response::AppendHeaders;
use domain::token::SecretToken;
use domain::{AccountPolicy, Email, FieldError, Password};
use http::{HeaderName, HeaderValue};
use operations::accounts::{NewIdentifiers, Register, review_registration};
use operations::recovery::review_recovered;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::errors::{MailedCodes, bad};
use super::texts;
use crate::kit::fastapi::address;
use crate::kit::{Failure, Fields, FromFields};

/// An answer that opens, moves or ends a flow.
pub(super) type Step<T> = (AppendHeaders<Vec<(HeaderName, HeaderValue)>>, Json<T>);

#[derive(Serialize, ToSchema)]
pub(super) struct Message {
    message: &'static str,
}

/// To whom the code was mailed.
#[derive(Serialize, ToSchema)]
pub(super) struct Key {
    pub(super) key: String,
}

#[derive(Serialize, ToSchema)]
pub(super) struct Recovering {
    pub(super) user: String,
}

#[derive(Serialize, ToSchema)]
pub(super) struct SignedIn {
    pub(super) message: &'static str,
    pub(super) token: String,
}

#[derive(Deserialize, ToSchema)]
#[schema(title = "Registration")]
#[expect(dead_code, reason = "the shape for the document; the request is read field by field")]
pub(super) struct RegistrationShape {
    #[schema(format = Email)]
    email: String,
    /// With a lower and an upper letter and a digit.
    #[schema(min_length = 7, max_length = 30)]
    login: String,
    /// With a lower and an upper letter and a digit.
    #[schema(format = Password, min_length = 7)]
    password: String,
    /// The same once more.
    #[schema(format = Password)]
    password_two: Option<String>,
}

pub(super) struct Registration {
    pub(super) request: Register,
    pub(super) email: String,
    again: Option<Password>,
}

#[derive(Deserialize, ToSchema)]
pub(super) struct Code {
    #[schema(example = "0482", pattern = "^[0-9]{4,10}$")]
    pub(super) code: String,
}

#[derive(Deserialize, ToSchema)]
pub(super) struct Authorization {
    /// The login or the e-mail address.
    pub(super) login: String,
    #[schema(format = Password)]
    password: String,
    /// Sets the cookie `remember_me`.
    pub(super) remember_me: bool,
}

#[derive(Deserialize, ToSchema)]
pub(super) struct Recovery {
    /// The e-mail address.
    pub(super) user: String,
}

/// With a lower and an upper letter, a digit, and one of `-` and `_`.
#[derive(Deserialize, ToSchema)]
pub(super) struct NewPassword {
    #[schema(format = Password, min_length = 7)]
    password: String,
    /// The same once more.
    #[schema(format = Password)]
    password_two: String,
}

#[derive(Deserialize, ToSchema)]
pub(super) struct Logout {
    /// May come in the header `Authorization` instead.
    pub(super) token: Option<String>,
}

/// The password was typed twice, and not alike.
pub(super) struct Different;

impl Message {
    pub(super) const fn of(message: &'static str) -> Json<Self> {
        Json(Self { message })
    }
}

impl Registration {
    pub(super) fn ensure_repeated(&self) -> Result<(), Different> {
        ensure_same(&self.request.password, self.again.as_ref())
    }
}

impl Authorization {
    pub(super) fn password(&self) -> Password {
        Password::new(&self.password)
    }
}

impl NewPassword {
    pub(super) fn repeated(&self) -> Result<Password, Different> {
        let [password, again] =
            [&self.password, &self.password_two].map(|text| Password::new(text));
        ensure_same(&password, Some(&again))?;
        Ok(password)
    }
}

impl Logout {
    pub(super) fn token(&self) -> Option<SecretToken> {
        self.token.as_deref().map(SecretToken::new)
    }
}

/// An address as it is shown everywhere; what is none, as it was typed.
pub(super) fn as_shown(typed: &str) -> String {
    Email::parse(typed).map_or_else(|_| typed.to_owned(), |email| email.as_str().to_owned())
}

/// What is typed twice is the same, if it is.
/// However each was spelled: as it will be compared at every sign-in.
fn ensure_same(typed: &Password, again: Option<&Password>) -> Result<(), Different> {
    let is_same = again.is_none_or(|again| again.reveal() == typed.reveal());
    if is_same { Ok(()) } else { Err(Different) }
}

impl From<Different> for Failure<MailedCodes> {
    fn from(_: Different) -> Self {
        Self::own("passwords_differ", bad(texts::DIFFERENT))
    }
}

impl FromFields for Registration {
    fn from_fields(fields: &mut Fields) -> Self {
        let email = fields.required_text("email");
        let login = fields.required_text("login");
        let password = fields.required_text("password");
        let again = fields.nullable_text("password_two").as_deref().map(Password::new);
        let address = address(&email).to_owned();
        let request = Register {
            identifiers: NewIdentifiers {
                username: Some(login),
                email: Some(address.clone()),
                phone: None,
            },
            password: Password::new(&password),
            first_name: None,
            last_name: None,
            roles: Vec::new(),
            idempotency_key: None,
        };
        Self { request, email: address, again }
    }

    fn review(&self, policy: &AccountPolicy) -> Vec<FieldError> {
        review_registration(policy, &self.request)
    }
}

impl FromFields for Code {
    fn from_fields(fields: &mut Fields) -> Self {
        Self { code: fields.required_text("code") }
    }
}

impl FromFields for Authorization {
    fn from_fields(fields: &mut Fields) -> Self {
        Self {
            login: fields.required_text("login"),
            password: fields.required_text("password"),
            remember_me: fields.required_lax_boolean("remember_me"),
        }
    }
}

impl FromFields for Recovery {
    fn from_fields(fields: &mut Fields) -> Self {
        Self { user: fields.required_text("user") }
    }
}

impl FromFields for NewPassword {
    fn from_fields(fields: &mut Fields) -> Self {
        let password = fields.required_text("password");
        Self { password, password_two: fields.required_text("password_two") }
    }

    fn review(&self, policy: &AccountPolicy) -> Vec<FieldError> {
        review_recovered(policy, &Password::new(&self.password))
    }
}

impl FromFields for Logout {
    fn from_fields(fields: &mut Fields) -> Self {
        let sent = fields.unread("token");
        Self { token: sent.as_ref().and_then(|value| value.as_str()).map(ToOwned::to_owned) }
    }
}
