//! The `setup` table: one row, which says whether there ever was an administrator.

use domain::Timestamp;

use crate::error::{Error, Result};
use crate::store::{Read, Tx};

statements! {
    FIND = sql!("SELECT token_digest, token_made_at, closed_at FROM setup WHERE id = 1");
    FIND_LOCKED = sql!(
        "SELECT token_digest, token_made_at, closed_at FROM setup WHERE id = 1 FOR UPDATE",
        sqlite: "SELECT token_digest, token_made_at, closed_at FROM setup WHERE id = 1"
    );
    OFFER = sql!(
        "UPDATE setup SET token_digest = $1, token_made_at = $2 \
         WHERE id = 1 AND closed_at IS NULL AND token_digest IS NULL"
    );
    REPLACE = sql!(
        "UPDATE setup SET token_digest = $1, token_made_at = $2 WHERE id = 1 AND closed_at IS NULL"
    );
    CLOSE = sql!(
        "UPDATE setup SET closed_at = $1, token_digest = NULL, token_made_at = NULL \
         WHERE id = 1 AND closed_at IS NULL"
    );
}

type Row = (Option<Vec<u8>>, Option<i64>, Option<i64>);

/// Where the setup of a deployment stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Setup {
    pub token_digest: Option<Vec<u8>>,
    pub token_made_at: Option<Timestamp>,
    /// When there first was an administrator; never taken back.
    pub closed_at: Option<Timestamp>,
}

pub async fn find(read: &mut Read) -> Result<Setup> {
    let row = fetch_optional!(read, FIND, Row)?;
    row.map(Setup::from).ok_or(MISSING)
}

/// Like [`find`]; whoever else wants to set up waits until this transaction ends.
pub async fn find_locked(tx: &mut Tx) -> Result<Setup> {
    let row = fetch_optional!(tx, FIND_LOCKED, Row)?;
    row.map(Setup::from).ok_or(MISSING)
}

/// False when there is a token already, or there was an administrator.
pub async fn offer(tx: &mut Tx, digest: &[u8], now: Timestamp) -> Result<bool> {
    Ok(execute!(tx, OFFER, digest, now.as_micros())? == 1)
}

/// Takes the place of a token that there may be. False when there was an administrator.
pub async fn replace(tx: &mut Tx, digest: &[u8], now: Timestamp) -> Result<bool> {
    Ok(execute!(tx, REPLACE, digest, now.as_micros())? == 1)
}

/// For good: nothing opens it again.
pub async fn close(tx: &mut Tx, now: Timestamp) -> Result<()> {
    execute!(tx, CLOSE, now.as_micros())?;
    Ok(())
}

/// A migration makes the row, and nothing deletes it.
const MISSING: Error = Error::Corrupt { table: "setup", column: "id" };

impl From<Row> for Setup {
    fn from((token_digest, made_at, closed_at): Row) -> Self {
        let time = Timestamp::from_micros;
        Self { token_digest, token_made_at: made_at.map(time), closed_at: closed_at.map(time) }
    }
}
