//! Signed tokens: JWTs by RFC 9068, checked by the rules of RFC 8725.

use std::sync::Arc;

use data_encoding::{BASE64URL_NOPAD, DecodeKind};
use domain::refusal::TokenDefect;
use domain::token::SecretToken;
use domain::{KeyId, SessionId, Surface, Timestamp, UserId};
use jsonwebtoken::Header;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use uuid::Uuid;

use super::claims::ClaimValues;
use super::key::{SigningKey, jws};
use super::keyring::KeyRing;
use crate::error::{Fault, Result};

/// Longer ones are refused before they are decoded (JWT-08).
const MAX_BYTES: usize = 8 * 1024;
/// How far clocks of our instances may be apart, in seconds.
pub(super) const LEEWAY: i64 = 30;

/// What a token is for. One kind is never taken for the other (JWT-05).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Access,
    Refresh,
}

/// What is said in a token, independent of its kind.
pub(crate) struct Statement<'a> {
    pub(crate) user_id: UserId,
    pub(crate) session_id: SessionId,
    pub(crate) surface: Surface,
    pub(crate) issued_at: Timestamp,
    pub(crate) expires_at: Timestamp,
    /// 32 hexadecimal digits.
    pub(crate) id: String,
    /// Of refresh tokens only.
    pub(crate) generation: Option<i64>,
    /// Of access tokens only.
    pub(crate) roles_version: Option<i64>,
    pub(crate) values: &'a ClaimValues,
}

/// A token of ours, whatever its time.
pub(crate) struct Verified {
    /// Whose signature fits.
    pub(crate) key: KeyId,
    /// And whose own secret that is.
    pub(crate) secret_of: Option<Surface>,
    pub(crate) user_id: UserId,
    pub(crate) session_id: SessionId,
    pub(crate) issued_at: Timestamp,
    pub(crate) expires_at: Timestamp,
    pub(crate) generation: Option<i64>,
    pub(crate) roles_version: Option<i64>,
}

/// What a token of ours says beside what decides.
pub(crate) struct Description {
    pub(crate) id: String,
    pub(crate) issuer: String,
    pub(crate) issued_at: Timestamp,
    pub(crate) expires_at: Timestamp,
}

/// Nothing else may stand in the header: `jwk`, `jku`, `crit` and the like are refused unread.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TokenHeader {
    alg: String,
    typ: String,
    kid: Uuid,
}

/// Those that clients of the originals know first; the rest follows.
#[derive(Serialize, Deserialize)]
struct Claims {
    token_type: String,
    exp: i64,
    iat: i64,
    jti: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    user_id: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    username: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    login: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    password_timestamp: Option<f64>,
    iss: String,
    sub: Uuid,
    /// None under the secret of a dialect: the verifiers of the original refuse what names an audience.
    #[serde(skip_serializing_if = "Option::is_none")]
    aud: Option<String>,
    client_id: String,
    nbf: i64,
    sid: Uuid,
    #[serde(skip_serializing_if = "Option::is_none")]
    r#gen: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ver: Option<i64>,
}

impl Kind {
    /// The `typ` of the header; that of access tokens is RFC 9068's.
    const fn header(self) -> &'static str {
        match self {
            Self::Access => "at+jwt",
            Self::Refresh => "rt+jwt",
        }
    }

    pub(super) const fn claim(self) -> &'static str {
        match self {
            Self::Access => "access",
            Self::Refresh => "refresh",
        }
    }
}

pub(crate) fn mint(keys: &KeyRing, kind: Kind, says: Statement<'_>) -> Result<SecretToken> {
    let key = keys.signing_key(says.surface, says.issued_at)?;
    let header = Header {
        typ: Some(kind.header().to_owned()),
        kid: Some(key.id.to_string()),
        ..Header::new(jws(key.algorithm))
    };
    let issued = says.issued_at.as_seconds();
    let claims = Claims {
        token_type: kind.claim().to_owned(),
        exp: says.expires_at.as_seconds(),
        iat: issued,
        jti: says.id,
        user_id: says.values.user_number,
        username: says.values.username.clone(),
        login: says.values.login.clone(),
        password_timestamp: says.values.password_set_at.map(Timestamp::as_fractional_seconds),
        iss: key.issuer.clone(),
        sub: says.user_id.0,
        aud: keys.audience_of(&key).map(str::to_owned),
        client_id: says.surface.as_str().to_owned(),
        nbf: issued,
        sid: says.session_id.0,
        r#gen: says.generation,
        ver: says.roles_version,
    };
    let claims = in_order(&claims, says.values.first)?;
    let token = jsonwebtoken::encode(&header, &claims, &key.encoding).map_err(Fault::Signing)?;
    Ok(SecretToken::new(token))
}

/// The claims with those of `first` at the beginning.
fn in_order(claims: &Claims, first: &[&str]) -> Result<Map<String, Value>> {
    let Ok(Value::Object(mut rest)) = serde_json::to_value(claims) else {
        return Err(Fault::Cryptography("writing the claims of a token").into());
    };
    let taken = first.iter().filter_map(|name| rest.shift_remove_entry(*name));
    let mut ordered: Map<String, Value> = taken.collect();
    ordered.extend(rest);
    Ok(ordered)
}

/// Signature first, then content (JWT-01); the algorithm is the key's, never the token's (JWT-02).
/// What ran out is a token all the same: the caller decides. The secrets of dialects sign only for
/// where theirs are taken.
pub(crate) fn verify(
    keys: &KeyRing,
    secrets_of: &[Surface],
    kind: Kind,
    token: &SecretToken,
    now: Timestamp,
) -> Result<Verified, TokenDefect> {
    let (key, claims) = verify_claims(keys, secrets_of, kind, token, now)?;
    Ok(Verified {
        key: key.id,
        secret_of: key.secret_of,
        user_id: UserId(claims.sub),
        session_id: SessionId(claims.sid),
        issued_at: Timestamp::from_seconds(claims.iat),
        expires_at: Timestamp::from_seconds(claims.exp),
        generation: claims.r#gen,
        roles_version: claims.ver,
    })
}

/// For whoever asks what a good token says: it is verified once more.
pub(crate) fn describe(
    keys: &KeyRing,
    secrets_of: &[Surface],
    kind: Kind,
    token: &SecretToken,
    now: Timestamp,
) -> Result<Description, TokenDefect> {
    let (_, claims) = verify_claims(keys, secrets_of, kind, token, now)?;
    Ok(Description {
        id: claims.jti,
        issuer: claims.iss,
        issued_at: Timestamp::from_seconds(claims.iat),
        expires_at: Timestamp::from_seconds(claims.exp),
    })
}

fn verify_claims(
    keys: &KeyRing,
    secrets_of: &[Surface],
    kind: Kind,
    token: &SecretToken,
    now: Timestamp,
) -> Result<(Arc<SigningKey>, Claims), TokenDefect> {
    let (key, header, payload) = verify_signature(keys, secrets_of, token.reveal(), now)?;
    if header.typ != kind.header() {
        return Err(TokenDefect::WrongType);
    }
    let claims: Claims = serde_json::from_slice(&payload).map_err(|_| TokenDefect::WrongType)?;
    let is_ours = claims.iss == key.issuer
        && claims.aud.as_deref() == keys.audience_of(&key)
        && claims.token_type == kind.claim();
    let has_begun = claims.nbf.max(claims.iat) <= now.as_seconds().saturating_add(LEEWAY);
    if is_ours && has_begun { Ok((key, claims)) } else { Err(TokenDefect::WrongType) }
}

impl Verified {
    pub(crate) fn unexpired(self, now: Timestamp) -> Result<Self, TokenDefect> {
        if now < self.expires_at { Ok(self) } else { Err(TokenDefect::Expired) }
    }
}

/// The key that a token says it was signed with.
pub(crate) fn key_named(token: &SecretToken) -> Option<KeyId> {
    let token = token.reveal();
    let header = token.split('.').next().filter(|_| token.len() <= MAX_BYTES)?;
    Some(KeyId(read_header(&decode(header).ok()?).ok()?.kid))
}

fn verify_signature(
    keys: &KeyRing,
    secrets_of: &[Surface],
    token: &str,
    now: Timestamp,
) -> Result<(Arc<SigningKey>, TokenHeader, Vec<u8>), TokenDefect> {
    let (message, signature) = split(token).ok_or(TokenDefect::Malformed)?;
    let (header, payload) = message.split_once('.').ok_or(TokenDefect::Malformed)?;
    let header = decode(header)?;
    let payload = decode(payload)?;
    let is_signature = BASE64URL_NOPAD.decode(signature.as_bytes()).map_err(|error| error.kind);
    match is_signature {
        Ok(_) => {}
        // Another spelling of some bytes: whoever changed a token gets this, not "no token".
        Err(DecodeKind::Trailing) => return Err(TokenDefect::BadSignature),
        Err(_) => return Err(TokenDefect::Malformed),
    }
    let header = read_header(&header)?;
    let key = keys.verifying_key(KeyId(header.kid), secrets_of, now);
    let key = key.ok_or(TokenDefect::BadSignature)?;
    if header.alg != key.algorithm.as_str() {
        return Err(TokenDefect::BadSignature);
    }
    let fits = jsonwebtoken::crypto::verify(
        signature,
        message.as_bytes(),
        &key.decoding,
        jws(key.algorithm),
    );
    if matches!(fits, Ok(true)) {
        Ok((key, header, payload))
    } else {
        Err(TokenDefect::BadSignature)
    }
}

/// What is signed, and the signature.
pub(super) fn split(token: &str) -> Option<(&str, &str)> {
    token.rsplit_once('.').filter(|_| token.len() <= MAX_BYTES)
}

/// A header that names an algorithm is some token's, if it is not one of ours: nobody's key fits.
fn read_header(bytes: &[u8]) -> Result<TokenHeader, TokenDefect> {
    #[derive(Deserialize)]
    struct Foreign {
        #[expect(dead_code, reason = "only whether it is there counts")]
        alg: String,
    }
    serde_json::from_slice(bytes).map_err(|_| match serde_json::from_slice::<Foreign>(bytes) {
        Ok(_) => TokenDefect::BadSignature,
        Err(_) => TokenDefect::Malformed,
    })
}

/// Strict base64url: one spelling per token.
pub(super) fn decode(part: &str) -> Result<Vec<u8>, TokenDefect> {
    BASE64URL_NOPAD.decode(part.as_bytes()).map_err(|_| TokenDefect::Malformed)
}
