//! The credentials of a request, and the person they prove.

use std::marker::PhantomData;
use std::sync::Arc;

use axum::extract::FromRequestParts;
use domain::refusal::TokenDefect;
use domain::token::SecretToken;
use domain::{Refusal, Session, User};
use http::header::AUTHORIZATION;
use http::request::Parts;
use http::{HeaderMap, Uri};
use operations::Context;
use operations::audit::{self, Call};
use operations::limits::admit_admin;
use operations::sessions::{Authenticated, authenticate, authenticate_reader};

use super::client::Caller;
use super::cookies::Cookies;
use super::dialect::Dialect;
use super::failure::Failure;
use super::origin::is_foreign;
use super::rejection::Rejection;
use super::state::Front;

/// Whatever tokens a request carries, unchecked. Cookies from a foreign page do not count.
pub(crate) struct Credentials<D> {
    /// The header wins over the cookie.
    pub(crate) access: Result<Option<SecretToken>, Rejection>,
    pub(crate) refresh_cookie: Option<SecretToken>,
    dialect: PhantomData<D>,
}

/// Somebody with a live session, who asks for something.
pub(crate) struct Bearer<D> {
    pub(crate) user: Arc<User>,
    pub(crate) session: Arc<Session>,
    /// What proved it.
    pub(crate) token: SecretToken,
    pub(crate) ctx: Context,
    dialect: PhantomData<D>,
}

impl<D: Dialect> FromRequestParts<Front> for Credentials<D> {
    type Rejection = Failure<D>;

    async fn from_request_parts(parts: &mut Parts, front: &Front) -> Result<Self, Failure<D>> {
        let header = D::token(&parts.headers);
        let cookies = if D::COOKIES {
            Cookies::read(&parts.headers, &front.settings)
        } else {
            Cookies::default()
        };
        let is_foreign = is_foreign(&parts.method, &parts.headers, &front.settings);
        let has_bearer = matches!(header, Ok(Some(_)));
        let cookies = match cookies {
            Cookies { access: None, refresh: None } => Cookies::default(),
            // No page sends this header by accident: it stands for itself, without the cookies.
            _ if is_foreign && has_bearer => Cookies::default(),
            _ if is_foreign => return Err(Rejection::ForeignOrigin.into()),
            cookies => cookies,
        };
        Ok(Self {
            access: header.map(|header| header.or(cookies.access)),
            refresh_cookie: cookies.refresh,
            dialect: PhantomData,
        })
    }
}

/// A bearer who only reads what is theirs, which is answered from memory where that is sure.
pub(crate) struct Reader<D>(pub(crate) Bearer<D>);

/// Somebody with a live session, or somebody without any token. A token that is not good is refused
/// all the same.
pub(crate) struct MaybeBearer<D> {
    pub(crate) bearer: Option<Bearer<D>>,
    pub(crate) ctx: Context,
}

impl<D: Dialect> FromRequestParts<Front> for MaybeBearer<D> {
    type Rejection = Failure<D>;

    async fn from_request_parts(parts: &mut Parts, front: &Front) -> Result<Self, Failure<D>> {
        let credentials = Credentials::<D>::from_request_parts(parts, front).await?;
        if credentials.access?.is_none() {
            let Ok(Caller { ctx, .. }) = Caller::<D>::from_request_parts(parts, front).await;
            return Ok(Self { bearer: None, ctx });
        }
        let bearer = Bearer::from_request_parts(parts, front).await?;
        let ctx = bearer.ctx.clone();
        Ok(Self { bearer: Some(bearer), ctx })
    }
}

impl<D: Dialect> FromRequestParts<Front> for Bearer<D> {
    type Rejection = Failure<D>;

    async fn from_request_parts(parts: &mut Parts, front: &Front) -> Result<Self, Failure<D>> {
        let (ctx, token) = access_token::<D>(parts, front).await?;
        let authenticated = authenticate(&front.services, &ctx, &token).await?;
        let bearer = Self::new(&ctx, token, authenticated);
        begin_administration::<D>(parts, front, bearer).await
    }
}

impl<D: Dialect> FromRequestParts<Front> for Reader<D> {
    type Rejection = Failure<D>;

    async fn from_request_parts(parts: &mut Parts, front: &Front) -> Result<Self, Failure<D>> {
        let (ctx, token) = access_token::<D>(parts, front).await?;
        let authenticated = authenticate_reader(&front.services, &ctx, &token).await?;
        let bearer = Bearer::new(&ctx, token, authenticated);
        Ok(Self(begin_administration::<D>(parts, front, bearer).await?))
    }
}

impl<D> Bearer<D> {
    fn new(ctx: &Context, token: SecretToken, authenticated: Authenticated) -> Self {
        let ctx = authenticated.context(ctx);
        let Authenticated { user, session } = authenticated;
        Self { user, session, token, ctx, dialect: PhantomData }
    }
}

/// The access token of a request that needs one.
async fn access_token<D: Dialect>(
    parts: &mut Parts,
    front: &Front,
) -> Result<(Context, SecretToken), Failure<D>> {
    let Ok(Caller { ctx, .. }) = Caller::<D>::from_request_parts(parts, front).await;
    let credentials = Credentials::<D>::from_request_parts(parts, front).await?;
    if D::COOKIES && matches!(D::token(&parts.headers), Ok(Some(_))) && has_query_token(&parts.uri)
    {
        return Err(Rejection::TokenTwice.into());
    }
    let token = credentials.access?.ok_or(Refusal::InvalidToken(TokenDefect::Missing))?;
    Ok((ctx, token))
}

/// Here and not in the handlers, where a new one could forget it.
async fn begin_administration<D: Dialect>(
    parts: &Parts,
    front: &Front,
    bearer: Bearer<D>,
) -> Result<Bearer<D>, Failure<D>> {
    let path = parts.uri.path();
    if D::ADMINISTRATION.is_some_and(|prefix| path.starts_with(prefix)) {
        admit_admin(&front.services, &bearer.user).await?;
    }
    let Some(call) = parts.extensions.get::<Arc<Call>>() else { return Ok(bearer) };
    let ctx = bearer.ctx.as_call(call);
    audit::open(&front.services, &ctx).await?;
    Ok(Bearer { ctx, ..bearer })
}

/// The token of `Authorization: Bearer …` (RFC 6750 §2.1), in any case; nothing else is one.
pub(crate) fn bearer_header(headers: &HeaderMap) -> Result<Option<SecretToken>, Rejection> {
    let Some(value) = headers.get(AUTHORIZATION) else { return Ok(None) };
    let parts = value.to_str().ok().and_then(|text| text.split_once(' '));
    match parts {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => {
            Ok(Some(SecretToken::new(token.trim())))
        }
        Some(_) | None => Err(Rejection::AuthorizationHeader),
    }
}

/// `Bearer <token>`, or the token alone.
pub(crate) fn bare_or_bearer(headers: &HeaderMap) -> Option<SecretToken> {
    let text = headers.get(AUTHORIZATION)?.to_str().ok()?.trim();
    let token = match text.split_once(' ') {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => token.trim(),
        Some(_) | None => text,
    };
    (!token.is_empty()).then(|| SecretToken::new(token))
}

/// Tokens in addresses end up in logs; we never read them there (RFC 6750 §2.3, JWT-15).
fn has_query_token(uri: &Uri) -> bool {
    let query = uri.query().unwrap_or_default();
    url::form_urlencoded::parse(query.as_bytes()).any(|(name, _)| name == "access_token")
}
