//! What `user_management` sends and takes.

use domain::{AccountPolicy, FieldError, Password, Timestamp, User};
use operations::accounts::{
    AccountChange, Change, NewIdentifiers, Register, UpdateOwn, review_registration, review_update,
};
use operations::sessions::Tokens;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::kit::fastapi::address;
use crate::kit::{Fields, FromFields};

/// What somebody registers with.
#[derive(Deserialize, ToSchema)]
#[schema(title = "Register")]
#[expect(dead_code, reason = "the shape for the document; the request is read field by field")]
pub(super) struct RegisterShape {
    #[schema(min_length = 3, max_length = 16, pattern = "^[A-Za-z0-9_-]+$")]
    username: String,
    #[schema(format = Password, min_length = 6, max_length = 20)]
    password: String,
    #[schema(format = Email)]
    email: String,
}

/// Both are replaced.
#[derive(Deserialize, ToSchema)]
#[schema(title = "Replace")]
#[expect(dead_code, reason = "the shape for the document; the request is read field by field")]
pub(super) struct ReplaceShape {
    #[schema(format = Password, min_length = 6, max_length = 20)]
    password: String,
    #[schema(format = Email)]
    email: String,
    /// In the profile `hardened`.
    #[schema(format = Password)]
    current_password: Option<String>,
}

pub(super) struct RegisterBody(pub(super) Register);

pub(super) struct ReplaceBody(pub(super) UpdateOwn);

#[derive(Serialize, ToSchema)]
pub(super) struct Token {
    access_token: String,
    #[schema(example = "bearer")]
    token_type: &'static str,
}

#[derive(Serialize, ToSchema)]
pub(super) struct Registered {
    data: Name,
    access_token: String,
    #[schema(example = "bearer")]
    token_type: &'static str,
}

#[derive(Serialize, ToSchema)]
struct Name {
    username: String,
    email: Option<String>,
}

#[derive(Serialize, ToSchema)]
pub(super) struct Account {
    username: String,
    email: Option<String>,
    #[schema(example = "2023-11-17T13:23:45")]
    registration_date: String,
}

#[derive(Serialize, ToSchema)]
pub(super) struct Data {
    data: Account,
}

impl FromFields for RegisterBody {
    fn from_fields(fields: &mut Fields) -> Self {
        let username = fields.required_text("username");
        let password = fields.required_text("password");
        let email = address(&fields.required_text("email")).to_owned();
        let identifiers =
            NewIdentifiers { username: Some(username), email: Some(email), phone: None };
        Self(Register {
            identifiers,
            password: Password::new(&password),
            first_name: None,
            last_name: None,
            roles: Vec::new(),
            idempotency_key: None,
        })
    }

    fn review(&self, policy: &AccountPolicy) -> Vec<FieldError> {
        review_registration(policy, &self.0)
    }
}

impl FromFields for ReplaceBody {
    fn from_fields(fields: &mut Fields) -> Self {
        let password = fields.required_text("password");
        let email = address(&fields.required_text("email")).to_owned();
        let current_password = fields.nullable_text("current_password");
        Self(UpdateOwn {
            change: AccountChange { email: Change::Set(email), ..AccountChange::default() },
            password: Some(Password::new(&password)),
            current_password: current_password.as_deref().map(Password::new),
        })
    }

    fn review(&self, policy: &AccountPolicy) -> Vec<FieldError> {
        review_update(policy, &self.0.change, self.0.password.as_ref())
    }
}

impl From<&Tokens> for Token {
    fn from(tokens: &Tokens) -> Self {
        Self { access_token: tokens.access.token.reveal().to_owned(), token_type: "bearer" }
    }
}

impl Registered {
    /// `hardened` hands out no token: an empty one, whether there is an account or not.
    pub(super) fn new(user: &User, tokens: Option<&Tokens>) -> Self {
        let none = Token { access_token: String::new(), token_type: "bearer" };
        let Token { access_token, token_type } = tokens.map_or(none, Token::from);
        let data = Name { username: user.display_name().to_owned(), email: user.email.clone() };
        Self { data, access_token, token_type }
    }
}

impl From<&User> for Account {
    fn from(user: &User) -> Self {
        Self {
            username: user.display_name().to_owned(),
            email: user.email.clone(),
            registration_date: to_the_second(user.created_at),
        }
    }
}

impl From<&User> for Data {
    fn from(user: &User) -> Self {
        Self { data: Account::from(user) }
    }
}

/// UTC without saying so.
pub(in crate::dialects) fn to_the_second(time: Timestamp) -> String {
    time.calendar().format("%Y-%m-%dT%H:%M:%S").to_string()
}
