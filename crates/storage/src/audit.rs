//! The audit trail: the log of events and the calls of administrators, each read from its newest
//! entry back. Ids are `UUIDv7`, so that their order is that of time.

use domain::{Timestamp, UserId};
use uuid::Uuid;

use crate::error::Result;
use crate::sql::Sql;
use crate::store::Read;

macro_rules! events {
    ($condition:literal, $limit:literal) => {
        sql!(concat!(
            "SELECT e.id, e.type AS action, e.actor, e.actor_id, e.user_id AS target_id, ",
            "e.data, e.surface, e.request_id, e.address, e.agent, e.occurred_at, v.sealed, ",
            "k.sealed_key FROM events e LEFT JOIN audit_values v ON v.event_id = e.id ",
            "LEFT JOIN user_keys k ON k.user_id = e.user_id ",
            "WHERE e.id >= $1 AND e.id < $2",
            $condition,
            " ORDER BY e.id DESC LIMIT ",
            $limit
        ))
    };
}

macro_rules! calls {
    ($condition:literal, $limit:literal) => {
        sql!(concat!(
            "SELECT c.id, c.action, c.actor, c.actor_id, c.target_id, c.subject, c.outcome, ",
            "c.surface, c.request_id, c.address, c.agent, c.occurred_at, c.changes ",
            "FROM audit_calls c ",
            "WHERE c.id >= $1 AND c.id < $2",
            $condition,
            " ORDER BY c.id DESC LIMIT ",
            $limit
        ))
    };
}

statements! {
    EVENTS = events!("", "$3");
    EVENTS_BY = events!(" AND e.actor_id = $3", "$4");
    EVENTS_OF = events!(" AND e.user_id = $3", "$4");
    EVENTS_BY_OF = events!(" AND e.actor_id = $3 AND e.user_id = $4", "$5");
    NAMED_EVENTS = events!(" AND e.type = $3", "$4");
    NAMED_EVENTS_BY = events!(" AND e.type = $3 AND e.actor_id = $4", "$5");
    NAMED_EVENTS_OF = events!(" AND e.type = $3 AND e.user_id = $4", "$5");
    NAMED_EVENTS_BY_OF =
        events!(" AND e.type = $3 AND e.actor_id = $4 AND e.user_id = $5", "$6");
    CALLS = calls!("", "$3");
    CALLS_BY = calls!(" AND c.actor_id = $3", "$4");
    CALLS_OF = calls!(" AND c.target_id = $3", "$4");
    CALLS_BY_OF = calls!(" AND c.actor_id = $3 AND c.target_id = $4", "$5");
    NAMED_CALLS = calls!(" AND c.action = $3", "$4");
    NAMED_CALLS_BY = calls!(" AND c.action = $3 AND c.actor_id = $4", "$5");
    NAMED_CALLS_OF = calls!(" AND c.action = $3 AND c.target_id = $4", "$5");
    NAMED_CALLS_BY_OF =
        calls!(" AND c.action = $3 AND c.actor_id = $4 AND c.target_id = $5", "$6");
    NEXT_EVENT_NAME = sql!("SELECT type FROM events WHERE type > $1 ORDER BY type LIMIT 1");
    NEXT_CALL_NAME =
        sql!("SELECT action FROM audit_calls WHERE action > $1 ORDER BY action LIMIT 1");
}

/// Which entries.
#[derive(Clone, Debug)]
pub struct Filter {
    /// Those with this id or a greater one.
    pub from: Uuid,
    /// Those with a smaller id.
    pub before: Uuid,
    /// All of them, where none is named.
    pub action: Option<String>,
    pub actor: Option<Uuid>,
    pub target: Option<UserId>,
}

/// An event with what is known of values.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct EventEntry {
    pub id: Uuid,
    pub action: String,
    pub actor: String,
    pub actor_id: Option<Uuid>,
    pub target_id: Uuid,
    /// A JSON object.
    pub data: String,
    pub surface: String,
    pub request_id: Option<String>,
    pub address: Option<String>,
    pub agent: Option<String>,
    pub occurred_at: i64,
    /// Values before and after, under the key of the account.
    pub sealed: Option<Vec<u8>>,
    /// That key; gone with the account.
    pub sealed_key: Option<Vec<u8>>,
}

/// A call of an administrator or the operator.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct CallEntry {
    pub id: Uuid,
    pub action: String,
    pub actor: String,
    pub actor_id: Option<Uuid>,
    pub target_id: Option<Uuid>,
    pub subject: Option<String>,
    pub outcome: String,
    pub surface: String,
    pub request_id: Option<String>,
    pub address: Option<String>,
    pub agent: Option<String>,
    pub occurred_at: i64,
    /// A JSON object.
    pub changes: Option<String>,
}

impl EventEntry {
    pub fn at(&self) -> Timestamp {
        Timestamp::from_micros(self.occurred_at)
    }
}

impl CallEntry {
    pub fn at(&self) -> Timestamp {
        Timestamp::from_micros(self.occurred_at)
    }
}

/// Up to `limit` events, the newest first.
pub async fn events(read: &mut Read, filter: &Filter, limit: i64) -> Result<Vec<EventEntry>> {
    type Row = EventEntry;
    let Filter { from, before, action, actor, target } = filter;
    match (action.as_deref(), actor, target.map(|id| id.0)) {
        (None, None, None) => fetch_all!(read, EVENTS, Row, from, before, limit),
        (None, Some(by), None) => fetch_all!(read, EVENTS_BY, Row, from, before, by, limit),
        (None, None, Some(of)) => fetch_all!(read, EVENTS_OF, Row, from, before, of, limit),
        (None, Some(by), Some(of)) => {
            fetch_all!(read, EVENTS_BY_OF, Row, from, before, by, of, limit)
        }
        (Some(name), None, None) => fetch_all!(read, NAMED_EVENTS, Row, from, before, name, limit),
        (Some(name), Some(by), None) => {
            fetch_all!(read, NAMED_EVENTS_BY, Row, from, before, name, by, limit)
        }
        (Some(name), None, Some(of)) => {
            fetch_all!(read, NAMED_EVENTS_OF, Row, from, before, name, of, limit)
        }
        (Some(name), Some(by), Some(of)) => {
            fetch_all!(read, NAMED_EVENTS_BY_OF, Row, from, before, name, by, of, limit)
        }
    }
}

/// Up to `limit` calls, the newest first.
pub async fn calls(read: &mut Read, filter: &Filter, limit: i64) -> Result<Vec<CallEntry>> {
    type Row = CallEntry;
    let Filter { from, before, action, actor, target } = filter;
    match (action.as_deref(), actor, target.map(|id| id.0)) {
        (None, None, None) => fetch_all!(read, CALLS, Row, from, before, limit),
        (None, Some(by), None) => fetch_all!(read, CALLS_BY, Row, from, before, by, limit),
        (None, None, Some(of)) => fetch_all!(read, CALLS_OF, Row, from, before, of, limit),
        (None, Some(by), Some(of)) => {
            fetch_all!(read, CALLS_BY_OF, Row, from, before, by, of, limit)
        }
        (Some(name), None, None) => fetch_all!(read, NAMED_CALLS, Row, from, before, name, limit),
        (Some(name), Some(by), None) => {
            fetch_all!(read, NAMED_CALLS_BY, Row, from, before, name, by, limit)
        }
        (Some(name), None, Some(of)) => {
            fetch_all!(read, NAMED_CALLS_OF, Row, from, before, name, of, limit)
        }
        (Some(name), Some(by), Some(of)) => {
            fetch_all!(read, NAMED_CALLS_BY_OF, Row, from, before, name, by, of, limit)
        }
    }
}

/// The names of all events that there are, each found by the index behind the one before: few names
/// among however many events.
pub async fn event_names(read: &mut Read) -> Result<Vec<String>> {
    names(read, NEXT_EVENT_NAME).await
}

/// The names of all calls that there are.
pub async fn call_names(read: &mut Read) -> Result<Vec<String>> {
    names(read, NEXT_CALL_NAME).await
}

async fn names(read: &mut Read, next: Sql) -> Result<Vec<String>> {
    let mut names: Vec<String> = Vec::new();
    loop {
        let after = names.last().map_or("", String::as_str);
        match fetch_optional!(read, next, (String,), after)? {
            Some((name,)) => names.push(name),
            None => return Ok(names),
        }
    }
}
