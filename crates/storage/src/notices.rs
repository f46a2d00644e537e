//! The `notices` table: when an account was last told something that is not said too often.

use domain::{Timestamp, UserId};

use crate::error::Result;
use crate::store::Tx;

statements! {
    FIND = sql!("SELECT sent_at FROM notices WHERE user_id = $1 AND kind = $2");
    INSERT = sql!("INSERT INTO notices (user_id, kind, sent_at) VALUES ($1, $2, $3)");
    UPDATE = sql!("UPDATE notices SET sent_at = $1 WHERE user_id = $2 AND kind = $3");
    DELETE_OF_USER = sql!("DELETE FROM notices WHERE user_id = $1");
}

/// Whether nothing of this kind was sent since `quiet_since`; it counts as sent at `now` then. The
/// account's row is locked by the caller.
pub async fn claim(
    tx: &mut Tx,
    user_id: UserId,
    kind: &str,
    now: Timestamp,
    quiet_since: Timestamp,
) -> Result<bool> {
    let sent = fetch_optional!(tx, FIND, (i64,), user_id.0, kind)?;
    let now = now.as_micros();
    match sent {
        Some((sent,)) if sent > quiet_since.as_micros() => return Ok(false),
        Some(_) => execute!(tx, UPDATE, now, user_id.0, kind)?,
        None => execute!(tx, INSERT, user_id.0, kind, now)?,
    };
    Ok(true)
}

/// Like [`claim`], by as many statements whatever it answers.
pub async fn claim_evenly(
    tx: &mut Tx,
    user_id: UserId,
    kind: &str,
    now: Timestamp,
    quiet_since: Timestamp,
) -> Result<bool> {
    let sent = fetch_optional!(tx, FIND, (i64,), user_id.0, kind)?.map(|(sent,)| sent);
    let is_quiet = sent.is_some_and(|sent| sent > quiet_since.as_micros());
    let at = sent.filter(|_| is_quiet).unwrap_or(now.as_micros());
    match sent {
        Some(_) => execute!(tx, UPDATE, at, user_id.0, kind)?,
        None => execute!(tx, INSERT, user_id.0, kind, at)?,
    };
    Ok(!is_quiet)
}

pub async fn delete_of_user(tx: &mut Tx, user_id: UserId) -> Result<()> {
    execute!(tx, DELETE_OF_USER, user_id.0)?;
    Ok(())
}
