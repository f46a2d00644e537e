//! Sign-ins sent as forms: `OAuth2PasswordRequestForm`.

use std::marker::PhantomData;

use axum::extract::{FromRequest, Request};
use serde_json::{Map, Value};

use super::body::{Login, is_json};
use crate::kit::body::parse;
use crate::kit::multipart::{self, Part};
use crate::kit::{
    Dialect, Failure, Fields, FromFields, Front, Manners, Rejection, SentBody, Shape,
};

const URL_ENCODED: &str = "application/x-www-form-urlencoded";
const MULTIPART: &str = "multipart/form-data";

/// A form, or JSON where the type says so; anything else is an empty form.
pub(crate) struct FormLogin<D> {
    pub(crate) value: Login,
    dialect: PhantomData<D>,
}

/// JSON, or a form where the type says so; anything else is no object.
pub(crate) struct JsonOrFormLogin<D> {
    pub(crate) value: Login,
    dialect: PhantomData<D>,
}

impl<D: Dialect> FromRequest<Front> for FormLogin<D> {
    type Rejection = Failure<D>;

    async fn from_request(request: Request, front: &Front) -> Result<Self, Failure<D>> {
        let (_, body) = SentBody::receive(request, &front.settings, 0).await?;
        let value = match form(&body).await? {
            None if !is_json(&body) || body.bytes.is_empty() => read::<D>(front, Map::new())?,
            None => parse::<D, Login>(front, D::Manners::read_body(body).await?)?,
            Some(form) => read::<D>(front, form)?,
        };
        Ok(Self { value, dialect: PhantomData })
    }
}

impl<D: Dialect> FromRequest<Front> for JsonOrFormLogin<D> {
    type Rejection = Failure<D>;

    async fn from_request(request: Request, front: &Front) -> Result<Self, Failure<D>> {
        let (_, body) = SentBody::receive(request, &front.settings, 0).await?;
        let value = match form(&body).await? {
            None => parse::<D, Login>(front, D::Manners::read_body(body).await?)?,
            Some(form) => read::<D>(front, form)?,
        };
        Ok(Self { value, dialect: PhantomData })
    }
}

/// The fields of a form, if it is one. The last of repeated fields counts.
async fn form(body: &SentBody) -> Result<Option<Map<String, Value>>, Rejection> {
    let fields: Vec<(String, String)> = match body.media_type().as_str() {
        URL_ENCODED => url::form_urlencoded::parse(&body.bytes).into_owned().collect(),
        MULTIPART => in_parts(body).await?,
        _ => return Ok(None),
    };
    // An empty field is not there.
    let fields = fields.into_iter().filter(|(_, value)| !value.is_empty());
    Ok(Some(fields.map(|(name, value)| (name, Value::String(value))).collect()))
}

/// The texts of a form in parts; files are passed over. One that breaks off has the parts before.
async fn in_parts(body: &SentBody) -> Result<Vec<(String, String)>, Rejection> {
    let unreadable = || Rejection::UndecodableForm("no form in parts");
    let parts = multipart::read(body, |_| String::new()).await.ok_or_else(unreadable)?;
    let was_none = parts.is_broken && parts.named.is_empty() && !body.bytes.is_empty();
    if was_none || parts.has_nameless {
        return Err(unreadable());
    }
    let texts = parts.named.into_iter().filter_map(|(name, part)| match part {
        Part::Text(text) => Some((name, text)),
        Part::File => None,
    });
    Ok(texts.collect())
}

/// A form that may also say what it is: `grant_type`.
struct PasswordGrant(Login);

impl FromFields for PasswordGrant {
    fn from_fields(fields: &mut Fields) -> Self {
        /// Anywhere in it: the original's pattern has no anchors.
        const PATTERN: &str = "password";
        if let Some(sent) = fields.optional_text("grant_type")
            && !sent.contains(PATTERN)
        {
            fields.note("grant_type", Shape::Unlike { pattern: PATTERN, sent });
        }
        Self(Login::from_fields(fields))
    }
}

/// Of a form, the rest is not repeated beside what is missing.
fn read<D: Dialect>(front: &Front, form: Map<String, Value>) -> Result<Login, Rejection> {
    match parse::<D, PasswordGrant>(front, Value::Object(form)) {
        Ok(PasswordGrant(login)) => Ok(login),
        Err(Rejection::Fields { problems, .. }) => {
            Err(Rejection::Fields { problems, sent: Value::Null })
        }
        Err(other) => Err(other),
    }
}
