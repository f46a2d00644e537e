//! Tokens of the service that a dialect stands in for: signed with the secret of the dialect, without
//! `kid` and `sid` (docs/decisions/0044).

use aws_lc_rs::digest;
use domain::policy::RefreshPolicy;
use domain::refusal::TokenDefect;
use domain::token::{SecretToken, SigningAlgorithm};
use domain::{AccountPolicy, SessionId, Surface, Timestamp};
use serde::Deserialize;
use serde::de::IgnoredAny;

use super::jwt::{Kind, LEEWAY, decode, split};
use super::key::{SigningKey, jws};
use crate::context::Context;
use crate::services::Services;

const CONTEXT: &[u8] = b"vestibule legacy token v1";

/// A token of the old service, whose signature fits.
pub(crate) struct LegacyToken {
    pub(crate) surface: Surface,
    pub(crate) kind: Kind,
    pub(crate) account: LegacyAccount,
    /// What happened to the account since then, the token does not know.
    pub(crate) issued_at: Timestamp,
    pub(crate) expires_at: Timestamp,
    /// When its password was set, where the old service said so.
    pub(crate) password_set_at: Option<Timestamp>,
    /// The session that stands for it: made of the token, so that it has one only.
    pub(crate) session_id: SessionId,
}

/// Whom the old service named.
pub(crate) enum LegacyAccount {
    Number(i64),
    Username(String),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Header {
    alg: String,
    #[serde(rename = "typ")]
    _typ: Option<String>,
}

#[derive(Deserialize)]
struct Claims {
    exp: i64,
    iat: Option<i64>,
    nbf: Option<i64>,
    token_type: Option<String>,
    user_id: Option<i64>,
    username: Option<String>,
    login: Option<String>,
    password_timestamp: Option<f64>,
    sid: Option<IgnoredAny>,
}

/// `None` for whatever does not look like one, or is not to be taken here.
pub(crate) fn read_legacy(
    services: &Services,
    ctx: &Context,
    kind: Kind,
    token: &SecretToken,
) -> Result<Option<LegacyToken>, TokenDefect> {
    let keys = services.keys.legacy_keys(ctx.policy.takes_secrets_of, ctx.now);
    let Some((message, signature)) = split(token.reveal()).filter(|_| !keys.is_empty()) else {
        return Ok(None);
    };
    let Some((header, payload)) = message.split_once('.') else { return Ok(None) };
    let Ok(header) = serde_json::from_slice::<Header>(&decode(header)?) else { return Ok(None) };
    if header.alg != SigningAlgorithm::Hs256.as_str() {
        return Ok(None);
    }
    // Another spelling of a signature is another token (JWT-09).
    decode(signature).map_err(|_| TokenDefect::BadSignature)?;
    let algorithm = jws(SigningAlgorithm::Hs256);
    let fits = |key: &SigningKey| {
        let fits =
            jsonwebtoken::crypto::verify(signature, message.as_bytes(), &key.decoding, algorithm);
        matches!(fits, Ok(true))
    };
    let key = keys.iter().find(|key| fits(key)).ok_or(TokenDefect::BadSignature)?;
    let surface = key.secret_of.ok_or(TokenDefect::BadSignature)?;
    let claims: Claims =
        serde_json::from_slice(&decode(payload)?).map_err(|_| TokenDefect::WrongType)?;
    let policy = services.policy(surface);
    judge(ctx, key, policy, kind, &claims, session_of(message)).map(Some)
}

fn judge(
    ctx: &Context,
    key: &SigningKey,
    policy: &AccountPolicy,
    kind: Kind,
    claims: &Claims,
    session_id: SessionId,
) -> Result<LegacyToken, TokenDefect> {
    let says_kind = policy.claims.first.contains(&"token_type");
    let is_of_kind = match claims.token_type.as_deref() {
        Some(text) => text == kind.claim(),
        None => !says_kind && kind == Kind::Access,
    };
    // One with a session is ours, or pretends to be.
    if !is_of_kind || claims.sid.is_some() {
        return Err(TokenDefect::WrongType);
    }
    let expires_at = Timestamp::from_seconds(claims.exp);
    if expires_at <= ctx.now {
        return Err(TokenDefect::Expired);
    }
    let life = match (kind, policy.refresh) {
        (Kind::Refresh, RefreshPolicy::Jwt { idle, .. }) => idle,
        (Kind::Refresh, RefreshPolicy::None | RefreshPolicy::Opaque { .. }) => {
            return Err(TokenDefect::WrongType);
        }
        (Kind::Access, _) => policy.access_lifetime,
    };
    let latest = ctx.now.as_seconds().saturating_add(LEEWAY);
    let begins = claims.iat.unwrap_or(0).max(claims.nbf.unwrap_or(0));
    // Nobody gave out what lives longer than what we give out ourselves.
    let end = |from: i64| Timestamp::from_seconds(from) + life;
    let outlives = |issued_at: i64| expires_at > end(issued_at.saturating_add(LEEWAY));
    if begins > latest || expires_at > end(latest) || claims.iat.is_some_and(outlives) {
        return Err(TokenDefect::WrongType);
    }
    // Where it does not say, it is as old as it can be: from before we knew the secret.
    let issued_at = claims.iat.map(Timestamp::from_seconds);
    let issued_at = issued_at.unwrap_or_else(|| (expires_at - life).min(key.known_since));
    let account = match claims {
        Claims { user_id: Some(number), .. } if policy.claims.user_number => {
            LegacyAccount::Number(*number)
        }
        Claims { username: Some(name), .. } if policy.claims.username => {
            LegacyAccount::Username(name.clone())
        }
        Claims { login: Some(name), .. } if policy.claims.login => {
            LegacyAccount::Username(name.clone())
        }
        Claims { .. } => return Err(TokenDefect::WrongType),
    };
    let password_set_at = match claims.password_timestamp {
        Some(seconds) if policy.claims.password_timestamp => {
            Some(Timestamp::from_fractional_seconds(seconds).ok_or(TokenDefect::WrongType)?)
        }
        None if policy.claims.password_timestamp => return Err(TokenDefect::WrongType),
        Some(_) | None => None,
    };
    Ok(LegacyToken {
        surface: policy.surface,
        kind,
        account,
        issued_at,
        expires_at,
        password_set_at,
        session_id,
    })
}

fn session_of(message: &str) -> SessionId {
    let covered = [CONTEXT, message.as_bytes()].concat();
    let digest = digest::digest(&digest::SHA256, &covered);
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest.as_ref()[..16]);
    SessionId::of_digest(bytes)
}
