//! The service that asks, proved by HTTP Basic (RFC 7617).

use std::marker::PhantomData;

use axum::extract::FromRequestParts;
use data_encoding::BASE64;
use domain::token::SecretToken;
use domain::{Actor, Permission, Refusal};
use http::HeaderMap;
use http::header::AUTHORIZATION;
use http::request::Parts;
use operations::Context;
use operations::service_accounts::authenticate_service;
use url::form_urlencoded;

use super::client::Caller;
use super::dialect::Dialect;
use super::failure::Failure;
use super::state::Front;

/// What a service needs on a path: which handler it reaches is what it may do.
pub(crate) trait Needs: Send + Sync + 'static {
    const PERMISSION: Permission;
}

/// A service that may do what `N` needs.
pub(crate) struct ByService<D, N> {
    pub(crate) ctx: Context,
    kinds: PhantomData<(D, N)>,
}

impl<D: Dialect, N: Needs> FromRequestParts<Front> for ByService<D, N> {
    type Rejection = Failure<D>;

    async fn from_request_parts(parts: &mut Parts, front: &Front) -> Result<Self, Failure<D>> {
        let Ok(Caller { ctx, .. }) = Caller::<D>::from_request_parts(parts, front).await;
        let (id, secret) = credentials(&parts.headers).ok_or(Refusal::InvalidClient)?;
        let service =
            authenticate_service(&front.services, &ctx, &id, &secret, N::PERMISSION).await?;
        let ctx = ctx.acting_as(Actor::Service(service.id));
        Ok(Self { ctx, kinds: PhantomData })
    }
}

/// Both parts are encoded as in forms before they are joined (RFC 6749 §2.3.1).
fn credentials(headers: &HeaderMap) -> Option<(String, SecretToken)> {
    let mut values = headers.get_all(AUTHORIZATION).iter();
    let value = values.next().filter(|_| values.next().is_none())?;
    let (scheme, encoded) = value.to_str().ok()?.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let text = String::from_utf8(BASE64.decode(encoded.trim().as_bytes()).ok()?).ok()?;
    let (id, secret) = text.split_once(':')?;
    Some((decoded(id), SecretToken::new(decoded(secret))))
}

fn decoded(part: &str) -> String {
    // Not encoded at all, as many clients send it: these two would stand for something.
    if part.contains(['&', '=']) {
        return part.to_owned();
    }
    form_urlencoded::parse(part.as_bytes()).next().map_or_else(String::new, |(name, _)| name.into())
}
