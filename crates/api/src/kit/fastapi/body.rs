//! Reading bodies as FastAPI does.

use domain::Password;
use operations::accounts::DeleteOwn;
use serde::Deserialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::decode::decode;
use crate::kit::python::{self, Numbers};
use crate::kit::{Fields, FromFields, Rejection, SentBody};

/// Stands for a body that was no JSON: it may hold a password, so it is not repeated.
const HIDDEN: &str = "**********";

/// What `POST …/login` is sent on every dialect of this family.
#[derive(Deserialize, ToSchema)]
pub(crate) struct Login {
    pub(crate) username: String,
    #[schema(format = Password)]
    password: String,
}

impl Login {
    pub(crate) fn password(&self) -> Password {
        Password::new(&self.password)
    }
}

/// For the profile `hardened`, whose deletion asks for a password that no original asked for.
pub(crate) struct DeleteOwnBody(pub(crate) DeleteOwn);

impl FromFields for DeleteOwnBody {
    /// The originals read no body here, so what is no text is no error either.
    fn from_fields(fields: &mut Fields) -> Self {
        let sent = fields.unread("current_password");
        let current_password = sent.as_ref().and_then(Value::as_str).map(Password::new);
        Self(DeleteOwn { current_password })
    }
}

impl FromFields for Login {
    fn from_fields(fields: &mut Fields) -> Self {
        Self {
            username: fields.required_text("username"),
            password: fields.required_text("password"),
        }
    }
}

/// JSON when the type says so, or says nothing; anything else is a text and no object. On what is
/// nested too deeply Python gives up as well, later than we do, and does not call it bad JSON.
pub(super) fn read_body(body: &SentBody) -> Result<Value, Rejection> {
    if body.bytes.is_empty() {
        Ok(Value::Null)
    } else if is_json(body) {
        python::parse(&decode(&body.bytes)?, Numbers::Kept)
    } else {
        decode(&body.bytes)?;
        Ok(Value::String(HIDDEN.to_owned()))
    }
}

pub(super) fn is_json(body: &SentBody) -> bool {
    body.is_json() || body.content_type.as_deref().is_none_or(str::is_empty)
}
