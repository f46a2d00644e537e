//! The key of what is done in several steps, as clients hold it: a cookie, or a header for those that
//! keep no cookies.

use std::marker::PhantomData;

use axum::extract::FromRequestParts;
use domain::flow::FLOW_LIFETIME;
use domain::token::SecretToken;
use http::request::Parts;
use http::{HeaderMap, HeaderName, HeaderValue};
use operations::flows::ShownKey;
use utoipa::IntoParams;

use super::cookies::{sent_cookies, set_cookie};
use super::dialect::Dialect;
use super::failure::Failure;
use super::origin::is_foreign;
use super::rejection::Rejection;
use super::state::{ApiSettings, Front};

pub(crate) const HEADER: HeaderName = HeaderName::from_static("x-session-key");
const COOKIE: &str = "session";

/// The key that a request carries, unchecked. The header wins over the cookie, which does not count
/// when it comes from a foreign page (WEB-02).
pub(crate) struct FlowKey<D> {
    pub(crate) shown: Option<ShownKey>,
    dialect: PhantomData<D>,
}

/// How the documents tell of it.
#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
#[expect(dead_code, reason = "the shape for the document; see FlowKey")]
pub(crate) struct FlowKeyHeader {
    /// The key that the step before answered, for clients that keep no cookies: the cookie `session`
    /// holds the same.
    #[param(rename = "X-Session-Key")]
    key: Option<String>,
}

impl<D> FlowKey<D> {
    pub(crate) fn key(&self) -> Option<&SecretToken> {
        self.shown.as_ref().map(|shown| &shown.key)
    }
}

impl<D: Dialect> FromRequestParts<Front> for FlowKey<D> {
    type Rejection = Failure<D>;

    async fn from_request_parts(parts: &mut Parts, front: &Front) -> Result<Self, Failure<D>> {
        let header = parts.headers.get(HEADER).and_then(|value| value.to_str().ok());
        let shown = match header {
            Some(key) => {
                Some(ShownKey { key: SecretToken::new(key.trim()), may_be_planted: false })
            }
            None => in_cookie(&parts.headers),
        };
        let is_foreign = is_foreign(&parts.method, &parts.headers, &front.settings);
        if header.is_none() && shown.is_some() && is_foreign {
            return Err(Rejection::ForeignOrigin.into());
        }
        Ok(Self { shown, dialect: PhantomData })
    }
}

/// Ours is set for the whole site: where there are two, somebody else set one of them.
fn in_cookie(headers: &HeaderMap) -> Option<ShownKey> {
    let mut sent = sent_cookies(COOKIE, headers);
    let key = sent.next()?;
    sent.next().is_none().then_some(ShownKey { key, may_be_planted: true })
}

/// What an answer carries that opens or moves a flow: its life begins anew.
pub(crate) fn hand_out(
    key: &SecretToken,
    settings: &ApiSettings,
) -> Vec<(HeaderName, HeaderValue)> {
    let seconds = i64::try_from(FLOW_LIFETIME.as_secs()).unwrap_or(i64::MAX);
    let cookie = set_cookie(COOKIE, key.reveal(), seconds, settings);
    let header = HeaderValue::from_str(key.reveal()).ok().map(|mut value| {
        value.set_sensitive(true);
        (HEADER, value)
    });
    cookie.into_iter().chain(header).collect()
}

/// What an answer carries that ends a flow.
pub(crate) fn take_back(settings: &ApiSettings) -> Vec<(HeaderName, HeaderValue)> {
    set_cookie(COOKIE, "", 0, settings).into_iter().collect()
}
