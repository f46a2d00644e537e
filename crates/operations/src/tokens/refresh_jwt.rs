//! Refresh tokens as JWTs, for surfaces whose clients expect one.
//!
//! What is in them decides nothing: like the opaque ones they name a session and a generation, and
//! the session's row says what that is worth.

use aws_lc_rs::hmac;
use data_encoding::HEXLOWER;
use domain::refusal::TokenDefect;
use domain::token::SecretToken;
use domain::{Session, Surface, Timestamp};

use super::claims::ClaimValues;
use super::jwt::{self, Kind, Statement};
use super::keyring::KeyRing;
use super::refresh::PresentedRefresh;
use crate::error::Result;

const CONTEXT: &[u8] = b"vestibule refresh jti v1";

/// The refresh token of the session's current generation. Made again, it says the same (SES-04).
pub(crate) fn mint_refresh_jwt(
    keys: &KeyRing,
    session: &Session,
    values: &ClaimValues,
) -> Result<SecretToken> {
    let generation = session.generation.to_be_bytes();
    let named = [CONTEXT, session.id.0.as_bytes(), &generation, &session.refresh_secret].concat();
    let id = hmac::sign(&keys.refresh_key(), &named);
    let (id, _) = id.as_ref().split_at(16);
    let says = Statement {
        user_id: session.user_id,
        session_id: session.id,
        surface: session.surface,
        issued_at: session.rotated_at,
        expires_at: session.idle_expires_at.unwrap_or(session.expires_at).min(session.expires_at),
        id: HEXLOWER.encode(id),
        generation: Some(session.generation),
        roles_version: None,
        values,
    };
    jwt::mint(keys, Kind::Refresh, says)
}

/// Whose session the token names; its signature has been checked.
pub(crate) fn verify_refresh_jwt(
    keys: &KeyRing,
    secrets_of: &[Surface],
    token: &SecretToken,
    now: Timestamp,
) -> Result<PresentedRefresh, TokenDefect> {
    let verified = jwt::verify(keys, secrets_of, Kind::Refresh, token, now)?.unexpired(now)?;
    let generation = verified.generation.ok_or(TokenDefect::WrongType)?;
    Ok(PresentedRefresh::signed(verified.session_id, generation, verified.secret_of))
}
