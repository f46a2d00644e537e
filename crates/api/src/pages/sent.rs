//! What people and their browsers send to a page.

use std::convert::Infallible;

use axum::extract::{FromRequest, FromRequestParts, Request};
use http::request::Parts;
use operations::Context;
use url::form_urlencoded;

use crate::kit::{Caller, Failure, Front, Rejection, SentBody, is_foreign_form};
use crate::native::Native;

/// The token in the address of a page that is opened.
pub(super) struct Opened(pub(super) Option<String>);

/// A form that was sent off. Its token is what it may do: no cookie is looked at.
pub(super) struct Sent {
    pub(super) ctx: Context,
    values: Vec<(String, String)>,
}

impl<S: Sync> FromRequestParts<S> for Opened {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let query = parts.uri.query().unwrap_or_default().as_bytes();
        let mut tokens = form_urlencoded::parse(query).filter(|(name, _)| name == "token");
        Ok(Self(
            tokens.next().map(|(_, token)| token.into_owned()).filter(|token| !token.is_empty()),
        ))
    }
}

impl FromRequest<Front> for Sent {
    type Rejection = Failure<Native>;

    async fn from_request(request: Request, front: &Front) -> Result<Self, Failure<Native>> {
        if is_foreign_form(request.headers(), &front.settings) {
            return Err(Rejection::ForeignOrigin.into());
        }
        let (mut parts, body) = request.into_parts();
        let Ok(Caller { ctx, .. }) = Caller::<Native>::from_request_parts(&mut parts, front).await;
        let request = Request::from_parts(parts, body);
        let (_, body) = SentBody::receive(request, &front.settings, 0).await?;
        if body.media_type() != "application/x-www-form-urlencoded" {
            let media_type = body.media_type();
            return Err(Rejection::UnsupportedMediaType { media_type }.into());
        }
        let values = form_urlencoded::parse(&body.bytes).into_owned().collect();
        Ok(Self { ctx, values })
    }
}

impl Sent {
    /// Without what pasting leaves around it.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        Some(self.exact(name)?.trim()).filter(|value| !value.is_empty())
    }

    /// As it was typed. The first of several.
    pub(super) fn exact(&self, name: &str) -> Option<&str> {
        self.values.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}
