//! The `events` table: the one log. A row a committed change of state, in its transaction.

use std::time::Duration;

use domain::event::Datum;
use domain::{Actor, Event, EventId, Surface, Timestamp, UserId};
use serde_json::Value;
use uuid::Uuid;

use crate::PIECE;
use crate::error::{Error, Result};
use crate::store::{Read, Tx};

statements! {
    NEXT_VERSION = sql!("UPDATE users SET event_version = event_version + 1 WHERE id = $1");
    INSERT = sql!(
        concat!(
            "INSERT INTO events (id, type, user_id, user_version, data, actor, actor_id, surface, ",
            "request_id, address, agent, occurred_at, recorded_at) ",
            "SELECT $1, $2, id, event_version, $3, $4, $5, $6, $7, $8, $9, $10, ",
            database_now!(sqlite), " FROM users WHERE id = $11"
        ),
        // A bare parameter in a SELECT list has no type for PostgreSQL, so it is told.
        postgres: concat!(
            "INSERT INTO events (id, type, user_id, user_version, data, actor, actor_id, ",
            "surface, request_id, address, agent, occurred_at, recorded_at) ",
            "SELECT $1::uuid, $2::text, id, event_version, $3::text, $4::text, $5::uuid, ",
            "$6::text, $7::text, $8::text, $9::text, $10::bigint, ",
            database_now!(postgres), " FROM users WHERE id = $11"
        ),
        mysql: concat!(
            "INSERT INTO events (id, type, user_id, user_version, data, actor, actor_id, surface, ",
            "request_id, address, agent, occurred_at, recorded_at) ",
            "SELECT $1, $2, id, event_version, $3, $4, $5, $6, $7, $8, $9, $10, ",
            database_now!(mysql), " FROM users WHERE id = $11"
        )
    );
    RECORDED_WITHIN =
        recorded!("SELECT id, user_id FROM events WHERE recorded_at > ", " - $1");
    OF_USER = sql!(
        "SELECT type, user_version, data, actor, surface, request_id, occurred_at FROM events \
         WHERE user_id = $1 ORDER BY user_version"
    );
    NEWEST = sql!(
        "SELECT actor, actor_id, data, occurred_at FROM events WHERE user_id = $1 AND type = $2 \
         ORDER BY user_version DESC LIMIT 1"
    );
    TAKE_BACK = sql!("DELETE FROM events WHERE user_id = $1");
    BY_AFTER = sql!("SELECT id FROM events WHERE actor_id = $1 AND id > $2 ORDER BY id LIMIT $3");
    FORGET_BY = sql!(
        "UPDATE events SET address = NULL, agent = NULL \
         WHERE actor_id = $1 AND id > $2 AND id <= $3"
    );
    OF_AFTER = sql!("SELECT id FROM events WHERE user_id = $1 AND id > $2 ORDER BY id LIMIT $3");
    FORGET_OF = sql!(
        "UPDATE events SET address = NULL, agent = NULL \
         WHERE user_id = $1 AND id > $2 AND id <= $3 AND actor_id IS NULL"
    );
}

/// An event about to be written, with where it came from.
pub struct NewEvent<'a> {
    pub id: EventId,
    pub user_id: UserId,
    pub event: &'a Event,
    pub actor: Actor,
    pub surface: Surface,
    pub request_id: Option<&'a str>,
    pub address: Option<&'a str>,
    pub agent: Option<&'a str>,
    pub now: Timestamp,
}

/// An event as written.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct StoredEvent {
    #[sqlx(rename = "type")]
    pub name: String,
    pub user_version: i64,
    /// A JSON object.
    pub data: String,
    pub actor: String,
    pub surface: String,
    pub request_id: Option<String>,
    pub occurred_at: i64,
}

/// Who did something, and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cause {
    pub actor: String,
    pub actor_id: Option<Uuid>,
    /// A JSON object.
    pub data: String,
    pub at: Timestamp,
}

/// Gives the event the next version of its account. The account's row is locked by it, so events
/// of one account are ordered as their transactions commit.
pub async fn push(tx: &mut Tx, new: &NewEvent<'_>) -> Result<()> {
    tx.touch(new.user_id);
    execute!(tx, NEXT_VERSION, new.user_id.0)?;
    let written = execute!(
        tx,
        INSERT,
        new.id.0,
        new.event.name(),
        data(new.event),
        new.actor.as_str(),
        new.actor.id(),
        new.surface.as_str(),
        new.request_id,
        new.address,
        new.agent,
        new.now.as_micros(),
        new.user_id.0,
    )?;
    if written == 1 { Ok(()) } else { Err(Error::Stale) }
}

/// Which accounts changed within `window` until now, by the clock of the database, in no order.
///
/// A transaction that commits late shows here late, so whoever follows the log reads a window
/// longer than any transaction lives, again and again, and leaves out what it has seen.
pub async fn recorded_within(read: &mut Read, window: Duration) -> Result<Vec<(EventId, UserId)>> {
    let window = i64::try_from(window.as_micros()).unwrap_or(i64::MAX);
    let rows = fetch_all!(read, RECORDED_WITHIN, (Uuid, Uuid), window)?;
    Ok(rows.into_iter().map(|(event, user)| (EventId(event), UserId(user))).collect())
}

pub async fn of_user(read: &mut Read, user_id: UserId) -> Result<Vec<StoredEvent>> {
    fetch_all!(read, OF_USER, StoredEvent, user_id.0)
}

/// The newest event of the user with the name of `like`, whatever it says beside.
pub async fn newest(read: &mut Read, user_id: UserId, like: &Event) -> Result<Option<Cause>> {
    type Row = (String, Option<Uuid>, String, i64);
    let row = fetch_optional!(read, NEWEST, Row, user_id.0, like.name())?;
    Ok(row.map(|(actor, actor_id, data, at)| Cause {
        actor,
        actor_id,
        data,
        at: Timestamp::from_micros(at),
    }))
}

/// Removes what the same transaction wrote about an account that it takes back.
pub async fn take_back(tx: &mut Tx, user_id: UserId) -> Result<()> {
    execute!(tx, TAKE_BACK, user_id.0)?;
    Ok(())
}

/// Erases from where the user acted, in [`PIECE`] events with greater ids than this; answers the
/// last of them, and none when there were none.
pub async fn forget_devices_by(tx: &mut Tx, user_id: UserId, after: Uuid) -> Result<Option<Uuid>> {
    let piece = fetch_all!(tx, BY_AFTER, (Uuid,), user_id.0, after, PIECE)?;
    let Some((last,)) = piece.last() else { return Ok(None) };
    execute!(tx, FORGET_BY, user_id.0, after, last)?;
    Ok(Some(*last))
}

/// The same of events of the user that nobody signed in caused. From where others did something to
/// the user is theirs.
pub async fn forget_devices_of(tx: &mut Tx, user_id: UserId, after: Uuid) -> Result<Option<Uuid>> {
    let piece = fetch_all!(tx, OF_AFTER, (Uuid,), user_id.0, after, PIECE)?;
    let Some((last,)) = piece.last() else { return Ok(None) };
    execute!(tx, FORGET_OF, user_id.0, after, last)?;
    Ok(Some(*last))
}

/// The `data` of the event: a JSON object, its fields in the order of the catalogue.
fn data(event: &Event) -> String {
    let fields = event.data().into_iter().map(|(field, datum)| {
        let value = match datum {
            Datum::Id(id) => id.to_string().into(),
            Datum::Count(count) => count.into(),
            Datum::Flag(flag) => flag.into(),
            Datum::Name(name) => name.into(),
            Datum::Names(names) => names.into(),
            Datum::Moment(at) => at.map(Timestamp::to_rfc3339).into(),
        };
        (field.name.to_owned(), value)
    });
    Value::Object(fields.collect()).to_string()
}
