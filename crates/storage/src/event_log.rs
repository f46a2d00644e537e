//! The `events` table as a log: numbered by the leader, read in the order of the numbers.
//!
//! An event gets its number after it was committed, from whoever sees it then. So one that commits late
//! gets a later number, and "everything after the last one" skips nothing.

use std::collections::{HashMap, HashSet, VecDeque};

use domain::{EventId, Timestamp, UserId};
use uuid::Uuid;

use crate::PIECE;
use crate::error::Result;
use crate::event_leader::{self, Epoch};
use crate::store::{Read, Tx};

statements! {
    UNNUMBERED = sql!(
        "SELECT e.id, e.user_id, e.user_version, ( \
             SELECT COUNT(*) FROM events p WHERE p.user_id = e.user_id \
             AND p.user_version = e.user_version - 1 AND p.position IS NULL \
         ) FROM events e WHERE e.position IS NULL ORDER BY e.recorded_at, e.id LIMIT $1",
        // It would rather collect them all by their empty number, and sort.
        sqlite: "SELECT e.id, e.user_id, e.user_version, ( \
             SELECT COUNT(*) FROM events p WHERE p.user_id = e.user_id \
             AND p.user_version = e.user_version - 1 AND p.position IS NULL \
         ) FROM events e INDEXED BY events_unnumbered \
         WHERE e.position IS NULL ORDER BY e.recorded_at, e.id LIMIT $1"
    );
    /// Of as many rows as the parameter says: each backend unpacks it by its own means.
    NUMBER = sql!(
        "UPDATE events SET position = CAST(n.value->>1 AS BIGINT) \
         FROM jsonb_array_elements(CAST($1 AS JSONB)) AS n(value) \
         WHERE events.id = CAST(n.value->>0 AS UUID)",
        sqlite: "UPDATE events SET position = n.value->>1 FROM json_each($1) AS n \
         WHERE events.id = unhex(n.value->>0)",
        // Whoever looks through all events waits for those that are not committed.
        mysql: "UPDATE JSON_TABLE($1, '$[*]' COLUMNS ( \
             id CHAR(32) CHARACTER SET ascii PATH '$[0]', position BIGINT PATH '$[1]' \
         )) AS n STRAIGHT_JOIN events FORCE INDEX (PRIMARY) ON events.id = UNHEX(n.id) \
         SET events.position = n.position"
    );
    AFTER = sql!(
        "SELECT position, id, type, user_id, user_version, data, actor, actor_id, occurred_at \
         FROM events WHERE position > $1 AND position <= $2 ORDER BY position LIMIT $3"
    );
    OF_USER_AFTER = sql!(
        "SELECT position, id, type, user_id, user_version, data, actor, actor_id, occurred_at \
         FROM events WHERE user_id = $1 AND position > $2 AND position <= $3 \
         ORDER BY user_version LIMIT $4"
    );
    BEFORE = sql!(
        "SELECT position, id, type, user_id, user_version, data, actor, actor_id, occurred_at \
         FROM events WHERE position < $1 ORDER BY position DESC LIMIT $2"
    );
    OF_USER_BEFORE = sql!(
        "SELECT position, id, type, user_id, user_version, data, actor, actor_id, occurred_at \
         FROM events WHERE user_id = $1 AND position < $2 ORDER BY user_version DESC LIMIT $3"
    );
    /// Numbers are nearly in the order in which events were recorded: the first is among the first.
    FIRST_SINCE = sql!(
        "SELECT MIN(position) FROM (SELECT position FROM events WHERE recorded_at >= $1 \
         AND position IS NOT NULL ORDER BY recorded_at LIMIT 10000) earliest",
        // It would rather look at every number.
        mysql: "SELECT MIN(position) FROM (SELECT position FROM events \
         FORCE INDEX (events_recorded_at) WHERE recorded_at >= $1 \
         AND position IS NOT NULL ORDER BY recorded_at LIMIT 10000) earliest"
    );
    COUNT_UNNUMBERED = sql!("SELECT COUNT(*) FROM events WHERE position IS NULL");
    OLDEST_UNNUMBERED = sql!(
        "SELECT recorded_at FROM events WHERE position IS NULL ORDER BY recorded_at LIMIT 1",
        sqlite: "SELECT recorded_at FROM events INDEXED BY events_unnumbered \
         WHERE position IS NULL ORDER BY recorded_at LIMIT 1"
    );
    FIRST = sql!("SELECT MIN(position) FROM events");
    OLDEST = sql!("SELECT position, recorded_at FROM events WHERE position > 0 ORDER BY position LIMIT $1");
    FORGET_VALUES = sql!(
        "DELETE FROM audit_values WHERE event_id IN (SELECT id FROM events WHERE position <= $1)",
        // It would rather look at every value.
        mysql: "DELETE v FROM events e STRAIGHT_JOIN audit_values v ON v.event_id = e.id \
         WHERE e.position <= $1"
    );
    FORGET = sql!("DELETE FROM events WHERE position <= $1");
    OLDEST_AFTER = sql!(
        "SELECT recorded_at FROM events WHERE position > $1 ORDER BY position LIMIT 1"
    );
}

/// An event as it is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Logged {
    /// Dense: the next event has the next one.
    pub position: i64,
    pub id: EventId,
    pub name: String,
    pub user_id: UserId,
    /// Dense among the events of the user.
    pub user_version: i64,
    /// A JSON object.
    pub data: String,
    pub actor: String,
    pub actor_id: Option<Uuid>,
    pub occurred_at: Timestamp,
}

/// Gives numbers to at most `limit` events that have none; answers how many got one. Stale when
/// somebody else leads by now.
pub async fn number(tx: &mut Tx, epoch: Epoch, limit: i64) -> Result<usize> {
    type Row = (Uuid, Uuid, i64, i64);
    let head = event_leader::head(tx).await?;
    let rows = fetch_all!(tx, UNNUMBERED, Row, limit)?;
    let unnumbered =
        |(id, user, version, waits)| Unnumbered { id, user, version, waits: waits > 0 };
    let order = in_order(&rows.into_iter().map(unnumbered).collect::<Vec<_>>());
    if order.is_empty() {
        return Ok(0);
    }
    event_leader::hold(tx, epoch).await?;
    let numbered = order.iter().zip(head + 1..);
    let numbered: Vec<_> = numbered.map(|(id, position)| (id.simple(), position)).collect();
    let numbered = numbered.iter().map(|(id, position)| format!("[\"{id}\",{position}]"));
    let list = format!("[{}]", numbered.collect::<Vec<_>>().join(","));
    execute!(tx, NUMBER, list)?;
    let count = i64::try_from(order.len()).unwrap_or(i64::MAX);
    event_leader::give(tx, epoch, head, head + count).await?;
    Ok(order.len())
}

struct Unnumbered {
    id: Uuid,
    user: Uuid,
    version: i64,
    /// Its user's event before has no number either.
    waits: bool,
}

/// As they were recorded, but each user's by version: clocks step, versions do not. What follows an
/// event that is not among them has to wait.
fn in_order(rows: &[Unnumbered]) -> Vec<Uuid> {
    let mut of_users: HashMap<Uuid, Vec<&Unnumbered>> = HashMap::new();
    for row in rows {
        of_users.entry(row.user).or_default().push(row);
    }
    let mut of_users: HashMap<Uuid, VecDeque<&Unnumbered>> = of_users
        .into_iter()
        .map(|(user, mut rows)| {
            rows.sort_by_key(|row| row.version);
            (user, rows.into())
        })
        .collect();
    let mut taken = HashSet::new();
    let mut order = Vec::with_capacity(rows.len());
    for place in rows {
        let Some(row) = of_users.get_mut(&place.user).and_then(VecDeque::pop_front) else {
            continue;
        };
        if !row.waits || taken.contains(&(row.user, row.version - 1)) {
            taken.insert((row.user, row.version));
            order.push(row.id);
        }
    }
    order
}

/// The next events after `position` up to `until`, at most `limit`.
pub async fn after(read: &mut Read, position: i64, until: i64, limit: i64) -> Result<Vec<Logged>> {
    let rows = fetch_all!(read, AFTER, Row, position, until, limit)?;
    Ok(rows.into_iter().map(Logged::from).collect())
}

/// The same of one user only.
pub async fn of_user_after(
    read: &mut Read,
    user_id: UserId,
    position: i64,
    until: i64,
    limit: i64,
) -> Result<Vec<Logged>> {
    let rows = fetch_all!(read, OF_USER_AFTER, Row, user_id.0, position, until, limit)?;
    Ok(rows.into_iter().map(Logged::from).collect())
}

/// The events before `position`, the newest first, at most `limit`.
pub async fn before(read: &mut Read, position: i64, limit: i64) -> Result<Vec<Logged>> {
    let rows = fetch_all!(read, BEFORE, Row, position, limit)?;
    Ok(rows.into_iter().map(Logged::from).collect())
}

/// The same of one user only.
pub async fn of_user_before(
    read: &mut Read,
    user_id: UserId,
    position: i64,
    limit: i64,
) -> Result<Vec<Logged>> {
    let rows = fetch_all!(read, OF_USER_BEFORE, Row, user_id.0, position, limit)?;
    Ok(rows.into_iter().map(Logged::from).collect())
}

/// The first number among the events since then; none when there are none.
pub async fn first_since(read: &mut Read, since: Timestamp) -> Result<Option<i64>> {
    fetch_one!(read, FIRST_SINCE, (Option<i64>,), since.as_micros()).map(|(position,)| position)
}

/// The first number that is kept; none when none is.
pub async fn first(read: &mut Read) -> Result<Option<i64>> {
    fetch_one!(read, FIRST, (Option<i64>,)).map(|(position,)| position)
}

/// Forgets at most [`PIECE`] of the oldest events: those recorded before, by the clock of the database,
/// and not beyond `until`; with what fields were before and after them. Answers how many there were, and
/// the number of the last.
pub async fn forget_oldest(tx: &mut Tx, before: Timestamp, until: i64) -> Result<(u64, i64)> {
    let rows = fetch_all!(tx, OLDEST, (i64, i64), PIECE)?;
    let old = rows.iter().take_while(|(position, recorded_at)| {
        *position <= until && *recorded_at < before.as_micros()
    });
    let Some((last, _)) = old.last() else { return Ok((0, 0)) };
    execute!(tx, FORGET_VALUES, *last)?;
    Ok((execute!(tx, FORGET, *last)?, *last))
}

/// How many have no number yet.
pub async fn count_unnumbered(read: &mut Read) -> Result<i64> {
    fetch_one!(read, COUNT_UNNUMBERED, (i64,)).map(|(count,)| count)
}

/// When the first of them was written, by the clock of the database.
pub async fn unnumbered_since(read: &mut Read) -> Result<Option<Timestamp>> {
    let row = fetch_optional!(read, OLDEST_UNNUMBERED, (i64,))?;
    Ok(row.map(|(at,)| Timestamp::from_micros(at)))
}

/// When the first event after `position` was written, by the clock of the database.
pub async fn recorded_after(read: &mut Read, position: i64) -> Result<Option<Timestamp>> {
    let row = fetch_optional!(read, OLDEST_AFTER, (i64,), position)?;
    Ok(row.map(|(at,)| Timestamp::from_micros(at)))
}

type Row = (i64, Uuid, String, Uuid, i64, String, String, Option<Uuid>, i64);

impl From<Row> for Logged {
    fn from(row: Row) -> Self {
        let (position, id, name, user_id, user_version, data, actor, actor_id, at) = row;
        Self {
            position,
            id: EventId(id),
            name,
            user_id: UserId(user_id),
            user_version,
            data,
            actor,
            actor_id,
            occurred_at: Timestamp::from_micros(at),
        }
    }
}
