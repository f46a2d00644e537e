//! The `flows` table: what is done in several steps, each by whoever holds the key of the first.

use domain::flow::{FlowKind, FlowStep};
use domain::{Surface, Timestamp, UserId};

use crate::PIECE;
use crate::error::Result;
use crate::store::Tx;

statements! {
    INSERT = sql!(
        "INSERT INTO flows (key_hash, surface, kind, step, user_id, sealed, expires_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)"
    );
    FIND = sql!(
        "SELECT user_id, sealed FROM flows WHERE key_hash = $1 AND surface = $2 AND kind = $3 \
         AND step = $4 AND expires_at > $5"
    );
    MOVE = sql!(
        "UPDATE flows SET key_hash = $1, step = $2, sealed = $3, expires_at = $4 WHERE key_hash = $5"
    );
    DELETE = sql!("DELETE FROM flows WHERE key_hash = $1");
    DELETE_OF_USER = sql!("DELETE FROM flows WHERE user_id = $1");
    DELETE_OVER = delete_some!("flows", "key_hash", "expires_at <= ");
}

/// Which flow, and how far it must be.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a> {
    pub key_hash: &'a [u8],
    pub surface: Surface,
    pub kind: FlowKind,
    pub step: FlowStep,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flow {
    /// Of an account that exists.
    pub user_id: Option<UserId>,
    /// What has to be known at the next step.
    pub sealed: Vec<u8>,
}

pub async fn insert(
    tx: &mut Tx,
    place: Place<'_>,
    flow: &Flow,
    expires_at: Timestamp,
) -> Result<()> {
    let Place { key_hash, surface, kind, step } = place;
    execute!(
        tx,
        INSERT,
        key_hash,
        surface.as_str(),
        kind.as_str(),
        step.as_str(),
        flow.user_id.map(|id| id.0),
        &flow.sealed,
        expires_at.as_micros(),
    )?;
    Ok(())
}

/// None when there is no such flow, when it is over, or when it is not so far, or farther. Nothing is
/// locked: what ends a step can be used once.
pub async fn find(tx: &mut Tx, place: Place<'_>, now: Timestamp) -> Result<Option<Flow>> {
    type Row = (Option<uuid::Uuid>, Vec<u8>);
    let Place { key_hash, surface, kind, step } = place;
    let (surface, kind, step) = (surface.as_str(), kind.as_str(), step.as_str());
    let now = now.as_micros();
    let row = fetch_optional!(tx, FIND, Row, key_hash, surface, kind, step, now)?;
    Ok(row.map(|(user_id, sealed)| Flow { user_id: user_id.map(UserId), sealed }))
}

/// To the next step, with what has to be known there, under the key that comes `next`.
pub async fn go_on(
    tx: &mut Tx,
    key_hash: &[u8],
    next: &[u8],
    step: FlowStep,
    sealed: &[u8],
    expires_at: Timestamp,
) -> Result<()> {
    execute!(tx, MOVE, next, step.as_str(), sealed, expires_at.as_micros(), key_hash)?;
    Ok(())
}

pub async fn delete(tx: &mut Tx, key_hash: &[u8]) -> Result<()> {
    execute!(tx, DELETE, key_hash)?;
    Ok(())
}

pub async fn delete_of_user(tx: &mut Tx, user_id: UserId) -> Result<()> {
    execute!(tx, DELETE_OF_USER, user_id.0)?;
    Ok(())
}

/// Forgets those that are over. At most [`PIECE`].
pub async fn delete_over(tx: &mut Tx, now: Timestamp) -> Result<u64> {
    execute!(tx, DELETE_OVER, now.as_micros(), now.as_micros(), PIECE)
}
