//! The `command_inbox` table: which commands of other services were dealt with already.

use domain::Timestamp;

use crate::PIECE;
use crate::error::Result;
use crate::store::{Read, Tx};

statements! {
    FIND = sql!("SELECT body_digest, outcome FROM command_inbox WHERE digest = $1");
    INSERT = sql!(
        "INSERT INTO command_inbox (digest, source, message_id, command, body_digest, outcome, \
         done_at) VALUES ($1, $2, $3, $4, $5, $6, $7)"
    );
    SET_OUTCOME = sql!("UPDATE command_inbox SET outcome = $1 WHERE digest = $2");
    DELETE_OLD = delete_some!("command_inbox", "digest", "done_at < ");
}

/// A command about to be written down.
#[derive(Clone, Copy, Debug)]
pub struct NewCommand<'a> {
    /// Of the source and the id together.
    pub digest: &'a [u8],
    pub source: &'a str,
    /// As the source chose it.
    pub message_id: &'a str,
    pub command: &'a str,
    /// Of the message: the same id with another body is another command.
    pub body_digest: &'a [u8],
    pub outcome: &'a str,
    pub now: Timestamp,
}

/// A command that was dealt with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Done {
    pub body_digest: Vec<u8>,
    pub outcome: String,
}

pub async fn find(read: &mut Read, digest: &[u8]) -> Result<Option<Done>> {
    let row = fetch_optional!(read, FIND, (Vec<u8>, String), digest)?;
    Ok(row.map(|(body_digest, outcome)| Done { body_digest, outcome }))
}

/// Conflicts when it was dealt with; whoever deals with it at the same moment waits for our end.
pub async fn insert(tx: &mut Tx, command: &NewCommand<'_>) -> Result<()> {
    execute!(
        tx,
        INSERT,
        command.digest,
        command.source,
        command.message_id,
        command.command,
        command.body_digest,
        command.outcome,
        command.now.as_micros(),
    )?;
    Ok(())
}

/// In the transaction that inserted it, when it is known what came of it.
pub async fn set_outcome(tx: &mut Tx, digest: &[u8], outcome: &str) -> Result<()> {
    execute!(tx, SET_OUTCOME, outcome, digest)?;
    Ok(())
}

/// Forgets what was done before `before`. At most [`PIECE`].
pub async fn delete_old(tx: &mut Tx, before: Timestamp) -> Result<u64> {
    execute!(tx, DELETE_OLD, before.as_micros(), before.as_micros(), PIECE)
}
