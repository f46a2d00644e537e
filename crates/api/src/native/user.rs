//! An account as the native API shows it.

use domain::{Permission, RoleName, Timestamp, User};
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;
use uuid::Uuid;

#[derive(Serialize, ToSchema)]
#[schema(title = "User")]
pub(super) struct UserView {
    id: Uuid,
    /// Grows with each registration.
    number: i64,
    username: Option<String>,
    email: Option<String>,
    email_verified: bool,
    /// Replaces `email` once it is verified.
    pending_email: Option<String>,
    /// In E.164 form.
    phone: Option<String>,
    phone_verified: bool,
    first_name: String,
    last_name: String,
    locale: Option<String>,
    roles: Vec<String>,
    permissions: Vec<String>,
    #[schema(example = "active")]
    status: &'static str,
    #[schema(format = DateTime)]
    created_at: String,
    #[schema(format = DateTime)]
    updated_at: String,
    #[schema(format = DateTime)]
    last_login_at: Option<String>,
    /// What applications keep with the account.
    #[schema(value_type = Object)]
    metadata: Value,
}

impl From<&User> for UserView {
    fn from(user: &User) -> Self {
        Self {
            id: user.id.0,
            number: user.number,
            username: user.username.clone(),
            email: user.email.clone(),
            email_verified: user.email_verified,
            pending_email: user.pending_email.clone(),
            phone: user.phone.clone(),
            phone_verified: user.phone_verified,
            first_name: user.profile.first_name.clone(),
            last_name: user.profile.last_name.clone(),
            locale: user.profile.locale.clone(),
            roles: user.roles.iter().map(RoleName::to_string).collect(),
            permissions: user
                .permissions
                .iter()
                .map(|may| Permission::as_str(*may).into())
                .collect(),
            status: user.status.as_str(),
            created_at: user.created_at.to_rfc3339(),
            updated_at: user.updated_at.to_rfc3339(),
            last_login_at: user.last_login_at.map(Timestamp::to_rfc3339),
            metadata: serde_json::from_str(&user.profile.metadata)
                .unwrap_or_else(|_| Value::Object(Map::new())),
        }
    }
}
