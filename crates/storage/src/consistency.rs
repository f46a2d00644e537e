//! What must hold in any state of the database (docs/REQUIREMENTS.md), asked in SQL.

use crate::error::Result;
use crate::store::Read;
use crate::{event_leader, event_log};

statements! {
    DOUBLE_KEYS = sql!(
        "SELECT COUNT(*) FROM (\
         SELECT username_key FROM users WHERE username_key IS NOT NULL \
         GROUP BY username_key HAVING COUNT(*) > 1 \
         UNION ALL SELECT email_key FROM users WHERE email_key IS NOT NULL \
         GROUP BY email_key HAVING COUNT(*) > 1 \
         UNION ALL SELECT phone FROM users WHERE phone IS NOT NULL \
         GROUP BY phone HAVING COUNT(*) > 1) doubled"
    );
    EVENTS_MISSING = sql!(
        "SELECT COUNT(*) FROM users WHERE event_version <> \
         (SELECT COALESCE(MAX(user_version), 0) FROM events WHERE events.user_id = users.id)"
    );
    /// Where old ones were forgotten, of an account they may all be.
    NEW_EVENTS_MISSING = sql!(
        "SELECT COUNT(*) FROM users WHERE event_version < \
         (SELECT COALESCE(MAX(user_version), 0) FROM events WHERE events.user_id = users.id) \
         OR event_version > (SELECT COALESCE(MAX(user_version), users.event_version) \
         FROM events WHERE events.user_id = users.id)"
    );
    EVENTS_WITHOUT_CHANGE = sql!(
        "SELECT COUNT(*) FROM events LEFT JOIN users ON users.id = events.user_id \
         WHERE users.id IS NULL"
    );
    EVENTS_WITH_GAPS = sql!(
        "SELECT COUNT(*) FROM (SELECT user_id FROM events GROUP BY user_id \
         HAVING MAX(user_version) - MIN(user_version) + 1 <> COUNT(*)) gaps"
    );
    SESSIONS_AMISS = sql!(
        "SELECT COUNT(*) FROM sessions WHERE generation < 0 OR rotated_at < created_at \
         OR idle_expires_at > expires_at"
    );
    SESSIONS_OF_ABSENT = sql!(
        "SELECT COUNT(*) FROM sessions JOIN users ON users.id = sessions.user_id \
         WHERE sessions.ended_at IS NULL AND users.status <> 'active'"
    );
    ADMINS = sql!(
        "SELECT COUNT(*) FROM user_roles held JOIN users ON users.id = held.user_id \
         WHERE held.role = 'admin' AND users.status = 'active'"
    );
    ORPHANS = sql!(
        "SELECT (SELECT COUNT(*) FROM passwords WHERE user_id NOT IN (SELECT id FROM users)) \
         + (SELECT COUNT(*) FROM sessions WHERE user_id NOT IN (SELECT id FROM users)) \
         + (SELECT COUNT(*) FROM user_roles WHERE user_id NOT IN (SELECT id FROM users))"
    );
    /// After a final deletion (purged when deleted) an account is nameless until its purge runs.
    NAMELESS = sql!(
        "SELECT COUNT(*) FROM users WHERE status <> 'purged' \
         AND (deleted_at IS NULL OR purge_at > deleted_at) \
         AND username_key IS NULL AND email_key IS NULL AND phone IS NULL"
    );
    PURGED_WITH_DATA = sql!(
        "SELECT COUNT(*) FROM users WHERE status = 'purged' AND (username IS NOT NULL \
         OR username_key IS NOT NULL OR email IS NOT NULL OR email_key IS NOT NULL \
         OR phone IS NOT NULL OR pending_email IS NOT NULL OR first_name <> '' \
         OR last_name <> '' OR locale IS NOT NULL OR metadata <> '{}' \
         OR last_login_at IS NOT NULL \
         OR id IN (SELECT user_id FROM blocks))"
    );
}

/// How many rows break each rule; zero everywhere is a sound database.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Findings {
    /// I2: identifiers held by more than one account.
    pub doubled_identifiers: i64,
    /// I3: accounts whose last change has no event.
    pub changes_without_event: i64,
    /// I3: events of accounts that do not exist.
    pub events_without_account: i64,
    /// I9: accounts with gaps between their events.
    pub gaps_in_events: i64,
    /// I4: sessions whose refresh state contradicts itself.
    pub sessions_amiss: i64,
    /// I4, I8: live sessions of accounts that are not active.
    pub sessions_of_inactive: i64,
    /// I7: active administrators (not a count of errors).
    pub active_admins: i64,
    /// I10: rows that belong to no account.
    pub orphans: i64,
    /// I10: accounts that nobody can name.
    pub nameless_accounts: i64,
    /// LIF-06: purged accounts that still hold personal data.
    pub purged_with_data: i64,
}

pub async fn findings(read: &mut Read) -> Result<Findings> {
    let is_log_whole =
        event_leader::head(read).await? == 0 || event_log::first(read).await? == Some(1);
    let missing = if is_log_whole { EVENTS_MISSING } else { NEW_EVENTS_MISSING };
    Ok(Findings {
        doubled_identifiers: count(read, DOUBLE_KEYS).await?,
        changes_without_event: count(read, missing).await?,
        events_without_account: count(read, EVENTS_WITHOUT_CHANGE).await?,
        gaps_in_events: count(read, EVENTS_WITH_GAPS).await?,
        sessions_amiss: count(read, SESSIONS_AMISS).await?,
        sessions_of_inactive: count(read, SESSIONS_OF_ABSENT).await?,
        active_admins: count(read, ADMINS).await?,
        orphans: count(read, ORPHANS).await?,
        nameless_accounts: count(read, NAMELESS).await?,
        purged_with_data: count(read, PURGED_WITH_DATA).await?,
    })
}

async fn count(read: &mut Read, statement: crate::sql::Sql) -> Result<i64> {
    fetch_one!(read, statement, (i64,)).map(|(count,)| count)
}
