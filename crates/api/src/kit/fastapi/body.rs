//! Reading bodies as FastAPI does.

use std::marker::PhantomData;

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use domain::Password;
use operations::accounts::DeleteOwn;
use serde::Deserialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use crate::kit::body::parse;
use crate::kit::python_number::Numbers;
use crate::kit::{Dialect, Failure, Fields, FromFields, Front, Rejection, SentBody, python_json};

const FORM: &str = "application/x-www-form-urlencoded";
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
    fn from_fields(fields: &mut Fields) -> Self {
        let current_password = fields.nullable_text("current_password");
        Self(DeleteOwn { current_password: current_password.as_deref().map(Password::new) })
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

/// JSON when the type says so, or says nothing; anything else is a text and no object.
pub(crate) async fn read_body(body: SentBody) -> Result<Value, Rejection> {
    let is_typed = body.content_type.as_deref().is_some_and(|text| !text.is_empty());
    if body.bytes.is_empty() {
        Ok(Value::Null)
    } else if body.is_json() || !is_typed {
        python_json::parse(decode(&body.bytes)?, Numbers::Kept)
    } else {
        decode(&body.bytes)?;
        Ok(Value::String(HIDDEN.to_owned()))
    }
}

/// A form (`OAuth2PasswordRequestForm`) or JSON.
pub(crate) struct FormBody<D, T> {
    pub(crate) value: T,
    dialect: PhantomData<D>,
}

impl<D: Dialect, T: FromFields> FromRequest<Front> for FormBody<D, T> {
    type Rejection = Failure<D>;

    async fn from_request(request: Request, front: &Front) -> Result<Self, Failure<D>> {
        let body = SentBody::receive(request, &front.settings).await?;
        let value = if body.media_type() == FORM {
            Value::Object(form(&body.bytes))
        } else {
            D::read_body(body).await?
        };
        Ok(Self { value: parse::<D, T>(front, value)?, dialect: PhantomData })
    }
}

fn decode(bytes: &Bytes) -> Result<&str, Rejection> {
    let undecodable = |error: std::str::Utf8Error| Rejection::UndecodableBody(error.to_string());
    let text = std::str::from_utf8(bytes).map_err(undecodable)?;
    Ok(text.strip_prefix('\u{feff}').unwrap_or(text))
}

/// The last of repeated fields counts; an empty one is not there.
fn form(bytes: &[u8]) -> Map<String, Value> {
    url::form_urlencoded::parse(bytes)
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| (name.into_owned(), Value::String(value.into_owned())))
        .collect()
}
