//! Access tokens: JWTs by RFC 9068, checked by the rules of RFC 8725.

use data_encoding::{BASE64URL_NOPAD, HEXLOWER};
use domain::refusal::TokenDefect;
use domain::token::{AccessClaims, SecretToken};
use domain::{KeyId, Refusal, SessionId, Surface, Timestamp, UserId};
use jsonwebtoken::Header;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::key::{SigningKey, jws};
use super::keyring::KeyRing;
use crate::error::{Fault, Result};

/// Longer ones are refused before they are decoded (JWT-08).
const MAX_BYTES: usize = 8 * 1024;
/// How far clocks of our instances may be apart, in seconds.
const LEEWAY: i64 = 30;
const TYPE: &str = "at+jwt";

/// A minted access token and the moment from which it is refused.
#[derive(Clone, Debug)]
pub struct AccessToken {
    pub token: SecretToken,
    pub expires_at: Timestamp,
}

/// Nothing else may stand in the header: `jwk`, `jku`, `crit` and the like are refused unread.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AccessHeader {
    alg: String,
    typ: String,
    kid: Uuid,
}

#[derive(Serialize, Deserialize)]
struct Claims {
    iss: String,
    sub: Uuid,
    aud: String,
    client_id: String,
    exp: i64,
    iat: i64,
    nbf: i64,
    jti: String,
    sid: Uuid,
    token_type: String,
}

pub(crate) fn mint_access(
    keys: &KeyRing,
    claims: &AccessClaims,
    surface: Surface,
    nonce: [u8; 16],
) -> Result<AccessToken> {
    let key = keys.signing_key()?;
    let header = Header {
        typ: Some(TYPE.to_owned()),
        kid: Some(key.id.to_string()),
        ..Header::new(jws(key.algorithm))
    };
    let issued = claims.issued_at.as_seconds();
    let claims = Claims {
        iss: key.issuer.clone(),
        sub: claims.user_id.0,
        aud: keys.audience().to_owned(),
        client_id: surface.as_str().to_owned(),
        exp: claims.expires_at.as_seconds(),
        iat: issued,
        nbf: issued,
        jti: HEXLOWER.encode(&nonce),
        sid: claims.session_id.0,
        token_type: "access".to_owned(),
    };
    let token = jsonwebtoken::encode(&header, &claims, &key.encoding).map_err(Fault::Signing)?;
    Ok(AccessToken {
        token: SecretToken::new(token),
        expires_at: Timestamp::from_seconds(claims.exp),
    })
}

/// Signature first, then content (JWT-01); the algorithm is the key's, never the token's (JWT-02).
pub(crate) fn verify_access(
    keys: &KeyRing,
    token: &SecretToken,
    now: Timestamp,
) -> Result<AccessClaims, Refusal> {
    let claims = verify_access_ignoring_expiry(keys, token, now)?;
    if now < claims.expires_at { Ok(claims) } else { Err(refused(TokenDefect::Expired)) }
}

/// For signing out: a token that ran out still names its session.
pub(crate) fn verify_access_ignoring_expiry(
    keys: &KeyRing,
    token: &SecretToken,
    now: Timestamp,
) -> Result<AccessClaims, Refusal> {
    let (key, payload) = verify_signature(keys, token.reveal(), now).map_err(refused)?;
    let claims: Claims =
        serde_json::from_slice(&payload).map_err(|_| refused(TokenDefect::WrongType))?;
    let is_ours =
        claims.iss == key.issuer && claims.aud == keys.audience() && claims.token_type == "access";
    let has_begun = claims.nbf.max(claims.iat) <= now.as_seconds().saturating_add(LEEWAY);
    if !is_ours || !has_begun {
        return Err(refused(TokenDefect::WrongType));
    }
    Ok(AccessClaims {
        user_id: UserId(claims.sub),
        session_id: SessionId(claims.sid),
        issued_at: Timestamp::from_seconds(claims.iat),
        expires_at: Timestamp::from_seconds(claims.exp),
    })
}

fn verify_signature<'k>(
    keys: &'k KeyRing,
    token: &str,
    now: Timestamp,
) -> Result<(&'k SigningKey, Vec<u8>), TokenDefect> {
    if token.len() > MAX_BYTES {
        return Err(TokenDefect::Malformed);
    }
    let (message, signature) = token.rsplit_once('.').ok_or(TokenDefect::Malformed)?;
    let (header, payload) = message.split_once('.').ok_or(TokenDefect::Malformed)?;
    let header: AccessHeader =
        serde_json::from_slice(&decode(header)?).map_err(|_| TokenDefect::Malformed)?;
    let payload = decode(payload)?;
    decode(signature)?;
    let key = keys.verifying_key(KeyId(header.kid), now).ok_or(TokenDefect::BadSignature)?;
    if header.alg != key.algorithm.as_str() {
        return Err(TokenDefect::BadSignature);
    }
    let fits = jsonwebtoken::crypto::verify(
        signature,
        message.as_bytes(),
        &key.decoding,
        jws(key.algorithm),
    );
    if !matches!(fits, Ok(true)) {
        return Err(TokenDefect::BadSignature);
    }
    if header.typ == TYPE { Ok((key, payload)) } else { Err(TokenDefect::WrongType) }
}

/// Strict base64url: one spelling per token.
fn decode(part: &str) -> Result<Vec<u8>, TokenDefect> {
    BASE64URL_NOPAD.decode(part.as_bytes()).map_err(|_| TokenDefect::Malformed)
}

fn refused(defect: TokenDefect) -> Refusal {
    Refusal::InvalidToken(defect)
}
