//! The `audit_calls` table: what administrators and the operator asked for. A row is written once
//! and completed once; nothing else changes it but the erasure of whom it names.

use domain::{Actor, CallId, Surface, Timestamp, UserId};
use uuid::Uuid;

use crate::PIECE;
use crate::error::Result;
use crate::store::Tx;

statements! {
    INSERT = sql!(
        "INSERT INTO audit_calls (id, action, actor, actor_id, target_id, subject, outcome, \
         surface, request_id, address, agent, occurred_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)"
    );
    COMPLETE = sql!(
        "UPDATE audit_calls SET outcome = $1, target_id = $2, subject = $3 \
         WHERE id = $4 AND outcome = 'begun'"
    );
    DELETE_OLD = delete_some!("audit_calls", "id", "id < ");
    BY_AFTER =
        sql!("SELECT id FROM audit_calls WHERE actor_id = $1 AND id > $2 ORDER BY id LIMIT $3");
    FORGET_BY = sql!(
        "UPDATE audit_calls SET address = NULL, agent = NULL \
         WHERE actor_id = $1 AND id > $2 AND id <= $3"
    );
    NOTE = sql!("UPDATE audit_calls SET subject = $1, changes = $2 WHERE id = $3 AND outcome = 'begun'");
}

/// The outcome of a call that did not come back to say how it went.
pub const BEGUN: &str = "begun";

/// A call about to be written.
pub struct NewCall<'a> {
    pub id: CallId,
    /// The stable name, such as `users.block`.
    pub action: &'a str,
    pub actor: Actor,
    /// The account that it is about.
    pub target: Option<UserId>,
    /// What else it is about, such as the name of a role.
    pub subject: Option<&'a str>,
    /// `begun`, `done`, or the code of a refusal.
    pub outcome: &'a str,
    pub surface: Surface,
    pub request_id: Option<&'a str>,
    pub address: Option<&'a str>,
    pub agent: Option<&'a str>,
    pub now: Timestamp,
}

pub async fn insert(tx: &mut Tx, call: &NewCall<'_>) -> Result<()> {
    execute!(
        tx,
        INSERT,
        call.id.0,
        call.action,
        call.actor.as_str(),
        call.actor.id(),
        call.target.map(|id| id.0),
        call.subject,
        call.outcome,
        call.surface.as_str(),
        call.request_id,
        call.address,
        call.agent,
        call.now.as_micros(),
    )?;
    Ok(())
}

/// Says how a call ended that was written as begun; what has an end keeps it.
pub async fn complete(
    tx: &mut Tx,
    id: CallId,
    outcome: &str,
    target: Option<UserId>,
    subject: Option<&str>,
) -> Result<()> {
    execute!(tx, COMPLETE, outcome, target.map(|id| id.0), subject, id.0)?;
    Ok(())
}

/// Erases from where the user called, in [`PIECE`] calls with greater ids than this; answers the last
/// of them, and none when there were none. From where others called about the user is theirs.
pub async fn forget_clients(tx: &mut Tx, user_id: UserId, after: Uuid) -> Result<Option<Uuid>> {
    let piece = fetch_all!(tx, BY_AFTER, (Uuid,), user_id.0, after, PIECE)?;
    let Some((last,)) = piece.last() else { return Ok(None) };
    execute!(tx, FORGET_BY, user_id.0, after, last)?;
    Ok(Some(*last))
}

/// Says what a call that was begun changes, in the transaction that changes it: a JSON object.
pub async fn note(tx: &mut Tx, id: CallId, subject: &str, changes: &str) -> Result<()> {
    execute!(tx, NOTE, subject, changes, id.0)?;
    Ok(())
}

/// Those of before, whose ids are smaller than any of that time. At most [`PIECE`].
pub async fn delete_old(tx: &mut Tx, before: Timestamp) -> Result<u64> {
    let first = CallId::new(before, [0; 10]);
    execute!(tx, DELETE_OLD, first.0, first.0, PIECE)
}
