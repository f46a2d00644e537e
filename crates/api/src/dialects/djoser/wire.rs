//! What `djoser` sends and takes.

use domain::{AccountPolicy, Field, FieldError, Password, Status, User};
use operations::accounts::{
    AccountChange, DeleteOwn, NewIdentifiers, Register, UpdateVisible, review_registration,
    review_update,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::kit::{Fields, FromFields, Shape};

/// An e-mail address or a phone number, and a password.
#[derive(Deserialize, ToSchema)]
#[schema(title = "UserCreate")]
#[expect(dead_code, reason = "the shape for the document; the request is read field by field")]
pub(super) struct RegisterShape {
    #[schema(max_length = 255)]
    username: Option<String>,
    #[schema(max_length = 254, format = Email)]
    email: Option<String>,
    #[schema(max_length = 15)]
    phone: Option<String>,
    #[schema(format = Password, min_length = 8, max_length = 128)]
    password: String,
}

/// What is absent stays; `null` clears.
#[derive(Deserialize, ToSchema)]
#[schema(title = "UserUpdate")]
#[expect(dead_code, reason = "the shape for the document; the request is read field by field")]
pub(super) struct UpdateShape {
    #[schema(max_length = 254, format = Email)]
    email: Option<String>,
    #[schema(max_length = 15)]
    phone: Option<String>,
    /// By administrators only.
    is_active: Option<bool>,
}

#[derive(Deserialize, ToSchema)]
#[schema(title = "CurrentPassword")]
#[expect(dead_code, reason = "the shape for the document; the request is read field by field")]
pub(super) struct DeleteShape {
    #[schema(format = Password)]
    current_password: String,
}

pub(super) struct RegisterBody(pub(super) Register);

pub(super) struct UpdateBody {
    pub(super) request: UpdateVisible,
    /// Unread: only administrators are asked what they meant.
    pub(super) is_active: Option<serde_json::Value>,
}

pub(super) struct DeleteBody(pub(super) DeleteOwn);

#[derive(Serialize, ToSchema)]
pub(super) struct Account {
    id: i64,
    /// The e-mail address or the phone number where there is no username.
    username: String,
    email: Option<String>,
    phone: Option<String>,
    is_active: bool,
    is_superuser: bool,
}

impl FromFields for RegisterBody {
    fn from_fields(fields: &mut Fields) -> Self {
        let username = fields.nullable_text("username");
        let email = fields.nullable_text("email");
        let phone = fields.nullable_text("phone");
        let password = fields.required_text("password");
        if email.is_none() && phone.is_none() {
            fields.note("non_field_errors", Shape::Missing);
        }
        Self(Register {
            identifiers: NewIdentifiers { username, email, phone },
            password: Password::new(&password),
            first_name: None,
            last_name: None,
            roles: Vec::new(),
            idempotency_key: None,
        })
    }

    fn review(&self, policy: &AccountPolicy) -> Vec<FieldError> {
        let mut errors = review_registration(policy, &self.0);
        // The strength of a password is said when each field is good by itself.
        errors.retain(|error| error.field != Field::Password || !error.rule.is_strength());
        errors
    }
}

impl FromFields for UpdateBody {
    fn from_fields(fields: &mut Fields) -> Self {
        let change = AccountChange {
            email: fields.text_change("email"),
            phone: fields.text_change("phone"),
            ..AccountChange::default()
        };
        let current_password = fields.nullable_text("current_password");
        let current_password = current_password.as_deref().map(Password::new);
        let request = UpdateVisible { change, is_blocked: None, current_password };
        Self { request, is_active: fields.unread("is_active") }
    }

    fn review(&self, policy: &AccountPolicy) -> Vec<FieldError> {
        review_update(policy, &self.request.change, None)
    }
}

impl FromFields for DeleteBody {
    fn from_fields(fields: &mut Fields) -> Self {
        let current_password = fields.required_text("current_password");
        Self(DeleteOwn { current_password: Some(Password::new(&current_password)) })
    }
}

impl Account {
    pub(super) fn of(user: &User, policy: &AccountPolicy) -> Self {
        // To Djoser whoever has to be activated first is as good as blocked.
        let may_sign_in = user.ensure_verified(policy).is_ok();
        Self {
            id: user.number,
            username: user.display_name().to_owned(),
            email: user.email.clone(),
            phone: user.phone.clone(),
            is_active: user.status == Status::Active && may_sign_in,
            is_superuser: user.is_admin(),
        }
    }
}
