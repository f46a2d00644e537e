//! What `new_dialect` sends and takes.

use domain::{AccountPolicy, FieldError, Password, User};
use operations::accounts::{NewIdentifiers, Register, review_registration};
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
    #[schema(min_length = 3, max_length = 50, pattern = "^[A-Za-z0-9_-]+$")]
    username: String,
    #[schema(format = Email)]
    email: String,
    #[schema(format = Password, min_length = 8, max_length = 128)]
    password: String,
}

pub(super) struct RegisterBody(pub(super) Register);

#[derive(Serialize, ToSchema)]
pub(super) struct Token {
    access_token: String,
    #[schema(example = "bearer")]
    token_type: &'static str,
}

#[derive(Serialize, ToSchema)]
pub(super) struct Account {
    id: String,
    username: String,
    email: Option<String>,
}

impl FromFields for RegisterBody {
    fn from_fields(fields: &mut Fields) -> Self {
        let username = fields.required_text("username");
        let email = address(&fields.required_text("email")).to_owned();
        let password = fields.required_text("password");
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

impl From<&Tokens> for Token {
    fn from(tokens: &Tokens) -> Self {
        Self { access_token: tokens.access.token.reveal().to_owned(), token_type: "bearer" }
    }
}

impl From<&User> for Account {
    fn from(user: &User) -> Self {
        Self {
            id: user.id.to_string(),
            username: user.display_name().to_owned(),
            email: user.email.clone(),
        }
    }
}
