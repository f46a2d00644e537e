//! The `policy_findings` table: which rules of a candidate policy an account broke at its last
//! sign-in. Names of rules, and nothing else about a password.

use domain::{Timestamp, UserId};

use crate::error::Result;
use crate::store::{Read, Tx};

statements! {
    DELETE_OF_USER = sql!("DELETE FROM policy_findings WHERE user_id = $1");
    INSERT = sql!(
        "INSERT INTO policy_findings (user_id, rule, policy, seen_at) VALUES ($1, $2, $3, $4)"
    );
    COUNT_BY_RULE = sql!(
        "SELECT found.rule, COUNT(*) FROM policy_findings found \
         JOIN users ON users.id = found.user_id \
         WHERE found.policy = $1 AND users.status IN ('active', 'blocked') \
         GROUP BY found.rule ORDER BY found.rule"
    );
    TOTALS = sql!(
        "SELECT COUNT(DISTINCT found.user_id), MIN(found.seen_at), MAX(found.seen_at) \
         FROM policy_findings found JOIN users ON users.id = found.user_id \
         WHERE found.policy = $1 AND users.status IN ('active', 'blocked')"
    );
}

/// How many accounts were seen under a policy, and when the first and the last of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    pub accounts: i64,
    pub first_seen_at: Option<Timestamp>,
    pub last_seen_at: Option<Timestamp>,
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

/// How many accounts that are there broke each rule, in the order of the rules.
pub async fn count_by_rule(read: &mut Read, policy: &[u8]) -> Result<Vec<(String, i64)>> {
    fetch_all!(read, COUNT_BY_RULE, (String, i64), policy)
}

pub async fn totals(read: &mut Read, policy: &[u8]) -> Result<Totals> {
    type Row = (i64, Option<i64>, Option<i64>);
    let (accounts, first, last) = fetch_one!(read, TOTALS, Row, policy)?;
    let time = Timestamp::from_micros;
    Ok(Totals { accounts, first_seen_at: first.map(time), last_seen_at: last.map(time) })
}
