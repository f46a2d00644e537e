//! The credentials of a request, and the person they prove.

use std::marker::PhantomData;

use axum::extract::FromRequestParts;
use domain::refusal::TokenDefect;
use domain::token::SecretToken;
use domain::{Refusal, Session, User};
use http::HeaderMap;
use http::header::AUTHORIZATION;
use http::request::Parts;
use operations::Context;
use operations::sessions::authenticate;

use super::client::Caller;
use super::cookies::Cookies;
use super::dialect::{Dialect, Rejection};
use super::failure::Failure;
use super::origin::is_foreign;
use super::state::Front;

/// Whatever tokens a request carries, unchecked. Cookies from a foreign page do not count.
pub(crate) struct Credentials<D> {
    /// The header wins over the cookie.
    pub(crate) access: Option<SecretToken>,
    pub(crate) refresh_cookie: Option<SecretToken>,
    dialect: PhantomData<D>,
}

/// Somebody with a live session, who asks for something.
pub(crate) struct Bearer<D> {
    pub(crate) user: User,
    pub(crate) session: Session,
    pub(crate) ctx: Context,
    dialect: PhantomData<D>,
}

impl<D: Dialect> FromRequestParts<Front> for Credentials<D> {
    type Rejection = Failure<D>;

    async fn from_request_parts(parts: &mut Parts, front: &Front) -> Result<Self, Failure<D>> {
        let header = bearer_header(&parts.headers)?;
        let cookies = Cookies::read(&parts.headers, &front.settings);
        let relies_on_cookies =
            header.is_none() && (cookies.access.is_some() || cookies.refresh.is_some());
        if relies_on_cookies && is_foreign(&parts.method, &parts.headers, &front.settings) {
            return Err(Rejection::ForeignOrigin.into());
        }
        Ok(Self {
            access: header.or(cookies.access),
            refresh_cookie: cookies.refresh,
            dialect: PhantomData,
        })
    }
}

impl<D: Dialect> FromRequestParts<Front> for Bearer<D> {
    type Rejection = Failure<D>;

    async fn from_request_parts(parts: &mut Parts, front: &Front) -> Result<Self, Failure<D>> {
        let Ok(Caller(ctx)) = Caller::from_request_parts(parts, front).await;
        let credentials = Credentials::<D>::from_request_parts(parts, front).await?;
        let missing = Refusal::InvalidToken(TokenDefect::Missing);
        let token = credentials.access.ok_or(missing)?;
        let authenticated = authenticate(&front.services, &ctx, &token).await?;
        let ctx = authenticated.context(&ctx);
        let (user, session) = (authenticated.user, authenticated.session);
        Ok(Self { user, session, ctx, dialect: PhantomData })
    }
}

/// The token of `Authorization: Bearer …` (RFC 6750 §2.1); another scheme is a malformed token.
fn bearer_header(headers: &HeaderMap) -> Result<Option<SecretToken>, Refusal> {
    let malformed = || Refusal::InvalidToken(TokenDefect::Malformed);
    let Some(value) = headers.get(AUTHORIZATION) else { return Ok(None) };
    let (scheme, token) =
        value.to_str().ok().and_then(|text| text.split_once(' ')).ok_or_else(malformed)?;
    if scheme.eq_ignore_ascii_case("bearer") {
        Ok(Some(SecretToken::new(token.trim())))
    } else {
        Err(malformed())
    }
}
