//! The `policy_findings` table: which rules of a candidate policy an account broke at its last
//! sign-in. Names of rules, and nothing else about a password.

use domain::{StatusKind, Timestamp, UserId};

use crate::error::{Error, Result};
use crate::store::{Read, Tx};

statements! {
    DELETE_OF_USER = sql!("DELETE FROM policy_findings WHERE user_id = $1");
    INSERT = sql!(
        "INSERT INTO policy_findings (user_id, rule, policy, seen_at) VALUES ($1, $2, $3, $4)"
    );
    OF_USER = sql!("SELECT rule, policy FROM policy_findings WHERE user_id = $1");
    SEE_AGAIN = sql!("UPDATE policy_findings SET seen_at = $1 WHERE user_id = $2");
    PIECE = sql!(
        "SELECT found.user_id, found.rule, found.policy, found.seen_at, users.status          FROM policy_findings found JOIN users ON users.id = found.user_id          WHERE found.user_id > $1 ORDER BY found.user_id LIMIT $2"
    );
}

/// One rule that was found of an account that is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    pub user_id: UserId,
    pub rule: String,
    pub policy: Vec<u8>,
    pub seen_at: Timestamp,
}

/// Some of all that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// All of each account that is named.
    pub found: Vec<Found>,
    /// Behind whom to go on; none at the end.
    pub next: Option<UserId>,
}

/// Takes the place of what was found before. `rules` differ; the account's row is locked by the
/// caller.
pub async fn replace(
    tx: &mut Tx,
    user_id: UserId,
    policy: &[u8],
    rules: &[String],
    now: Timestamp,
) -> Result<()> {
    // Mostly it is what was found before, and this is done at each sign-in.
    let known = fetch_all!(tx, OF_USER, (String, Vec<u8>), user_id.0)?;
    let is_known = |rule: &String| known.iter().any(|(of, under)| of == rule && under == policy);
    if known.len() == rules.len() && rules.iter().all(is_known) {
        execute!(tx, SEE_AGAIN, now.as_micros(), user_id.0)?;
        return Ok(());
    }
    delete_of_user(tx, user_id).await?;
    for rule in rules {
        execute!(tx, INSERT, user_id.0, rule, policy, now.as_micros())?;
    }
    Ok(())
}

pub async fn delete_of_user(tx: &mut Tx, user_id: UserId) -> Result<()> {
    execute!(tx, DELETE_OF_USER, user_id.0)?;
    Ok(())
}

/// What was found of the accounts behind one, in the order of their ids, of accounts that are there
/// only; `limit` rows are read, more than an account can have.
pub async fn piece(read: &mut Read, after: UserId, limit: i64) -> Result<Piece> {
    type Row = (uuid::Uuid, String, Vec<u8>, i64, String);
    let mut rows = fetch_all!(read, PIECE, Row, after.0, limit)?;
    let is_full = i64::try_from(rows.len()).is_ok_and(|count| count == limit);
    // Of the last account there may be more than was read.
    let last = rows.last().map(|row| row.0).filter(|_| is_full);
    rows.retain(|row| last != Some(row.0));
    let next = rows.last().map(|row| UserId(row.0)).filter(|_| is_full);
    let mut found = Vec::with_capacity(rows.len());
    for (user_id, rule, policy, seen_at, status) in rows {
        let corrupt = Error::Corrupt { table: "users", column: "status" };
        match StatusKind::parse(&status).ok_or(corrupt)? {
            StatusKind::Active | StatusKind::Blocked => found.push(Found {
                user_id: UserId(user_id),
                rule,
                policy,
                seen_at: Timestamp::from_micros(seen_at),
            }),
            StatusKind::Deleted | StatusKind::Purged => {}
        }
    }
    Ok(Piece { found, next })
}
