//! What `jwt_accounts` sends and takes.

use domain::{AccountPolicy, FieldError, Password, Status, User};
use operations::accounts::{
    AccountChange, Change, NewIdentifiers, Page, Register, UpdateOwn, review_registration,
    review_update,
};
use operations::sessions::Tokens;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::errors::JwtAccounts;
use crate::kit::fastapi::{address, naive_utc};
use crate::kit::{Failure, Fields, FromFields};

/// What somebody registers with.
#[derive(Deserialize, ToSchema)]
#[schema(title = "Register")]
#[expect(dead_code, reason = "the shape for the document; the request is read field by field")]
pub(super) struct RegisterShape {
    #[schema(min_length = 1, max_length = 255)]
    username: String,
    #[schema(format = Password, min_length = 6)]
    password: String,
    #[schema(format = Email)]
    email: String,
    first_name: Option<String>,
    last_name: Option<String>,
}

/// What is absent or `null` stays.
#[derive(Deserialize, ToSchema)]
#[schema(title = "Update")]
#[expect(dead_code, reason = "the shape for the document; the request is read field by field")]
pub(super) struct UpdateShape {
    #[schema(min_length = 1, max_length = 255)]
    username: Option<String>,
    #[schema(format = Password, min_length = 6)]
    password: Option<String>,
    #[schema(format = Email)]
    email: Option<String>,
    first_name: Option<String>,
    last_name: Option<String>,
    /// In the profile `hardened`.
    #[schema(format = Password)]
    current_password: Option<String>,
}

#[derive(Deserialize, ToSchema)]
#[schema(title = "Refresh")]
pub(super) struct RefreshBody {
    pub(super) refresh_token: String,
}

pub(super) struct RegisterBody(pub(super) Register);

pub(super) struct UpdateBody(pub(super) UpdateOwn);

#[derive(Serialize, ToSchema)]
pub(super) struct TokenPair {
    access_token: String,
    refresh_token: String,
    #[schema(example = "bearer")]
    token_type: &'static str,
}

#[derive(Serialize, ToSchema)]
pub(in crate::dialects) struct Account {
    id: i64,
    username: String,
    email: Option<String>,
    first_name: Option<String>,
    last_name: Option<String>,
    active: bool,
    /// `admin` or `user`.
    #[schema(example = "user")]
    role: &'static str,
    #[schema(example = "2023-11-17T13:23:45.737500")]
    create_date: String,
    update_date: String,
}

#[derive(Serialize, ToSchema)]
pub(super) struct AccountPage {
    page: i64,
    size: i64,
    total: i64,
    pages: i64,
    users: Vec<Account>,
}

impl FromFields for RegisterBody {
    fn from_fields(fields: &mut Fields) -> Self {
        let username = Some(fields.required_text("username"));
        let password = fields.required_text("password");
        let email = Some(address(&fields.required_text("email")).to_owned());
        Self(Register {
            identifiers: NewIdentifiers { username, email, phone: None },
            password: Password::new(&password),
            first_name: fields.nullable_text("first_name"),
            last_name: fields.nullable_text("last_name"),
            roles: Vec::new(),
            idempotency_key: None,
        })
    }

    fn review(&self, policy: &AccountPolicy) -> Vec<FieldError> {
        review_registration(policy, &self.0)
    }
}

impl FromFields for UpdateBody {
    fn from_fields(fields: &mut Fields) -> Self {
        let mut change = |field| fields.nullable_text(field).map_or(Change::Keep, Change::Set);
        let username = change("username");
        let password = change("password").as_set().map(|text| Password::new(text));
        let email = change("email");
        let change = AccountChange {
            username,
            email: email
                .as_set()
                .map_or(Change::Keep, |text| Change::Set(address(text).to_owned())),
            first_name: change("first_name"),
            last_name: change("last_name"),
            ..AccountChange::default()
        };
        let current_password = fields.nullable_text("current_password");
        let current_password = current_password.as_deref().map(Password::new);
        Self(UpdateOwn { change, password, current_password })
    }

    fn review(&self, policy: &AccountPolicy) -> Vec<FieldError> {
        review_update(policy, &self.0.change, self.0.password.as_ref())
    }
}

impl FromFields for RefreshBody {
    fn from_fields(fields: &mut Fields) -> Self {
        Self { refresh_token: fields.required_text("refresh_token") }
    }
}

impl TryFrom<&Tokens> for TokenPair {
    type Error = Failure<JwtAccounts>;

    fn try_from(tokens: &Tokens) -> Result<Self, Self::Error> {
        let Some(refresh) = &tokens.refresh else {
            return Err(Failure::broken("a session was given no refresh token"));
        };
        Ok(Self {
            access_token: tokens.access.token.reveal().to_owned(),
            refresh_token: refresh.token.reveal().to_owned(),
            token_type: "bearer",
        })
    }
}

impl From<&User> for Account {
    fn from(user: &User) -> Self {
        Self {
            id: user.number,
            username: user.display_name().to_owned(),
            email: user.email.clone(),
            first_name: given(&user.profile.first_name),
            last_name: given(&user.profile.last_name),
            active: user.status == Status::Active,
            role: if user.is_admin() { "admin" } else { "user" },
            create_date: naive_utc(user.created_at),
            update_date: naive_utc(user.updated_at),
        }
    }
}

/// A name that was never given is `null`.
fn given(name: &str) -> Option<String> {
    (!name.is_empty()).then(|| name.to_owned())
}

impl AccountPage {
    pub(super) fn new(page: i64, size: i64, found: &Page) -> Self {
        let total = found.total;
        let pages = total / size + i64::from(total % size != 0);
        Self { page, size, total, pages, users: found.users.iter().map(Account::from).collect() }
    }
}
