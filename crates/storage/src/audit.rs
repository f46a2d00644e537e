//! The audit trail: the log of events and the calls of administrators, each read from its newest
//! entry back. Ids are `UUIDv7`, so that their order is that of time.

use domain::{Timestamp, UserId};
use uuid::Uuid;

use crate::error::Result;
use crate::store::Read;

macro_rules! events {
    ($condition:literal, $limit:literal) => {
        sql!(concat!(
            "SELECT e.id, e.type AS action, e.actor, e.actor_id, e.user_id AS target_id, ",
            "e.data, e.surface, e.request_id, e.address, e.agent, e.occurred_at, v.sealed, ",
            "k.sealed_key FROM events e LEFT JOIN audit_values v ON v.event_id = e.id ",
            "LEFT JOIN user_keys k ON k.user_id = e.user_id ",
            "WHERE e.id >= $1 AND e.id < $2 AND e.type LIKE $3",
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
            "WHERE c.id >= $1 AND c.id < $2 AND c.action LIKE $3",
            $condition,
            " ORDER BY c.id DESC LIMIT ",
            $limit
        ))
    };
}

statements! {
    EVENTS = events!("", "$4");
    EVENTS_BY = events!(" AND e.actor_id = $4", "$5");
    EVENTS_OF = events!(" AND e.user_id = $4", "$5");
    EVENTS_BY_OF = events!(" AND e.actor_id = $4 AND e.user_id = $5", "$6");
    CALLS = calls!("", "$4");
    CALLS_BY = calls!(" AND c.actor_id = $4", "$5");
    CALLS_OF = calls!(" AND c.target_id = $4", "$5");
    CALLS_BY_OF = calls!(" AND c.actor_id = $4 AND c.target_id = $5", "$6");
}

/// Which entries.
#[derive(Clone, Debug)]
pub struct Filter {
    /// Those with this id or a greater one.
    pub from: Uuid,
    /// Those with a smaller id.
    pub before: Uuid,
    /// `%` stands for anything.
    pub action: String,
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
    let Filter { from, before, action, actor, target } = filter;
    match (actor, target.map(|id| id.0)) {
        (None, None) => {
            fetch_all!(read, EVENTS, EventEntry, from, before, action, limit)
        }
        (Some(actor), None) => {
            fetch_all!(read, EVENTS_BY, EventEntry, from, before, action, actor, limit)
        }
        (None, Some(target)) => {
            fetch_all!(read, EVENTS_OF, EventEntry, from, before, action, target, limit)
        }
        (Some(actor), Some(target)) => {
            fetch_all!(read, EVENTS_BY_OF, EventEntry, from, before, action, actor, target, limit)
        }
    }
}

/// Up to `limit` calls, the newest first.
pub async fn calls(read: &mut Read, filter: &Filter, limit: i64) -> Result<Vec<CallEntry>> {
    let Filter { from, before, action, actor, target } = filter;
    match (actor, target.map(|id| id.0)) {
        (None, None) => fetch_all!(read, CALLS, CallEntry, from, before, action, limit),
        (Some(actor), None) => {
            fetch_all!(read, CALLS_BY, CallEntry, from, before, action, actor, limit)
        }
        (None, Some(target)) => {
            fetch_all!(read, CALLS_OF, CallEntry, from, before, action, target, limit)
        }
        (Some(actor), Some(target)) => {
            fetch_all!(read, CALLS_BY_OF, CallEntry, from, before, action, actor, target, limit)
        }
    }
}
