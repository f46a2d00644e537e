//! Access tokens.

use data_encoding::HEXLOWER;
use domain::refusal::TokenDefect::{Expired, WrongType};
use domain::token::{AccessClaims, SecretToken};
use domain::{AccountPolicy, Refusal, Surface, Timestamp};

use super::claims::ClaimValues;
use super::jwt::{self, Kind, Statement, Verified};
use super::keyring::KeyRing;
use super::keys::learn_key;
use crate::cache::RememberedToken;
use crate::context::Context;
use crate::error::Result;
use crate::measures;
use crate::services::Services;

/// A minted access token and the moment from which it is refused.
#[derive(Clone, Debug)]
pub struct AccessToken {
    pub token: SecretToken,
    pub expires_at: Timestamp,
}

pub(crate) fn mint_access(
    keys: &KeyRing,
    claims: &AccessClaims,
    surface: Surface,
    values: &ClaimValues,
    nonce: [u8; 16],
) -> Result<AccessToken> {
    let says = Statement {
        user_id: claims.user_id,
        session_id: claims.session_id,
        surface,
        issued_at: claims.issued_at,
        expires_at: claims.expires_at,
        id: HEXLOWER.encode(&nonce),
        generation: None,
        roles_version: Some(claims.roles_version),
        values,
    };
    let token = jwt::mint(keys, Kind::Access, says)?;
    let expires_at = Timestamp::from_seconds(claims.expires_at.as_seconds());
    Ok(AccessToken { token, expires_at })
}

/// A token that was seen before is known by its digest, as long as its key is good here.
pub(crate) async fn verify_access(
    services: &Services,
    ctx: &Context,
    token: &SecretToken,
) -> Result<AccessClaims> {
    let taken = ctx.policy.takes_secrets_of;
    if let Some(RememberedToken { claims, key }) = services.cache.tokens.get(token)
        && services.keys.verifying_key(key, taken, ctx.now).is_some()
    {
        count("memory");
        let is_alive = ctx.now < claims.expires_at;
        return if is_alive { Ok(claims) } else { Err(Refusal::InvalidToken(Expired).into()) };
    }
    learn_key(services, token).await?;
    count("signature");
    let verified = jwt::verify(&services.keys, taken, Kind::Access, token, ctx.now);
    let verified = verified.and_then(|verified| verified.unexpired(ctx.now));
    let verified = verified.map_err(Refusal::InvalidToken)?;
    let claims = read(&verified)?;
    let remembered = RememberedToken { claims: claims.clone(), key: verified.key };
    services.cache.tokens.keep(token, remembered);
    Ok(claims)
}

/// For signing out: a token that ran out still names its session.
pub(crate) fn verify_access_ignoring_expiry(
    keys: &KeyRing,
    policy: &AccountPolicy,
    token: &SecretToken,
    now: Timestamp,
) -> Result<AccessClaims, Refusal> {
    let verified = jwt::verify(keys, policy.takes_secrets_of, Kind::Access, token, now);
    read(&verified.map_err(Refusal::InvalidToken)?)
}

fn read(verified: &Verified) -> Result<AccessClaims, Refusal> {
    Ok(AccessClaims {
        user_id: verified.user_id,
        session_id: verified.session_id,
        issued_at: verified.issued_at,
        expires_at: verified.expires_at,
        roles_version: verified.roles_version.ok_or(Refusal::InvalidToken(WrongType))?,
        secret_of: verified.secret_of,
    })
}

fn count(verified_by: &'static str) {
    metrics::counter!(measures::TOKEN_VERIFICATIONS, "by" => verified_by).increment(1);
}
