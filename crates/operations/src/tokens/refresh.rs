//! Refresh tokens with constant state: session ‖ generation ‖ MAC, in base64url.
//!
//! The session's row keeps one generation, so a spent token needs no row of its own, and the
//! successor of a token can be computed again for a client that lost the answer (SES-04). The
//! MAC's key is sealed in the database: a dump mints nothing (SES-01).

use aws_lc_rs::hmac;
use data_encoding::BASE64URL_NOPAD;
use domain::token::SecretToken;
use domain::{Session, SessionId, Surface};
use uuid::Uuid;

use super::keyring::KeyRing;

const CONTEXT: &[u8] = b"vestibule refresh v1";
const SESSION_BYTES: usize = 16;
const GENERATION_BYTES: usize = 4;
const MAC_BYTES: usize = 32;

/// A refresh token as presented: well-formed, and authentic if [`is_authentic`] says so.
pub(crate) struct PresentedRefresh {
    pub(crate) session_id: SessionId,
    pub(crate) generation: i64,
    evidence: Evidence,
}

enum Evidence {
    /// To be compared with the session's own.
    Mac([u8; MAC_BYTES]),
    /// A signature that has been verified, and whose own secret made it.
    Signature { secret_of: Option<Surface> },
}

impl PresentedRefresh {
    pub(crate) fn parse(token: &SecretToken) -> Option<Self> {
        const BYTES: usize = SESSION_BYTES + GENERATION_BYTES + MAC_BYTES;
        let bytes = BASE64URL_NOPAD.decode(token.reveal().as_bytes()).ok()?;
        let bytes: &[u8; BYTES] = bytes.as_slice().try_into().ok()?;
        let (session, rest) = bytes.split_first_chunk::<SESSION_BYTES>()?;
        let (generation, mac) = rest.split_first_chunk::<GENERATION_BYTES>()?;
        Some(Self {
            session_id: SessionId(Uuid::from_bytes(*session)),
            generation: i64::from(u32::from_be_bytes(*generation)),
            evidence: Evidence::Mac(mac.try_into().ok()?),
        })
    }

    /// One whose signature has been verified.
    pub(crate) fn signed(
        session_id: SessionId,
        generation: i64,
        secret_of: Option<Surface>,
    ) -> Self {
        Self { session_id, generation, evidence: Evidence::Signature { secret_of } }
    }
}

/// The refresh token of `session` for `generation`; always the same.
pub(crate) fn mint_refresh(keys: &KeyRing, session: &Session, generation: i64) -> SecretToken {
    let mut bytes = covered(session.id, generation);
    let mac = hmac::sign(&keys.refresh_key(), &message(session, generation));
    bytes.extend_from_slice(mac.as_ref());
    SecretToken::new(BASE64URL_NOPAD.encode(&bytes))
}

/// Whether we made this token for this session (compared in constant time).
pub(crate) fn is_authentic(
    keys: &KeyRing,
    session: &Session,
    presented: &PresentedRefresh,
) -> bool {
    match &presented.evidence {
        Evidence::Signature { secret_of } => secret_of.is_none_or(|of| of == session.surface),
        Evidence::Mac(mac) => {
            let message = message(session, presented.generation);
            hmac::verify(&keys.refresh_key(), &message, mac).is_ok()
        }
    }
}

fn covered(session: SessionId, generation: i64) -> Vec<u8> {
    // Generations are bounded by the number of refreshes in a session's life.
    let generation = u32::try_from(generation).unwrap_or(u32::MAX);
    [session.0.as_bytes().as_slice(), &generation.to_be_bytes()].concat()
}

fn message(session: &Session, generation: i64) -> Vec<u8> {
    [CONTEXT, &covered(session.id, generation), &session.refresh_secret].concat()
}
