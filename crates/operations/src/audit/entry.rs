//! One entry of the trail, whichever table it comes from.

use domain::{EventId, Timestamp, UserId};
use storage::audit::{CallEntry, EventEntry};
use uuid::Uuid;

use super::key::UserKey;
use super::values::ChangedValue;
use crate::error::{Fault, Result};
use crate::vault::Vault;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Something changed.
    Event,
    /// An administrator or the operator asked for something.
    Call,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    pub id: Uuid,
    pub kind: Kind,
    pub at: Timestamp,
    /// The type of the event, or the name of the call.
    pub action: String,
    pub actor: String,
    pub actor_id: Option<Uuid>,
    pub target: Option<UserId>,
    /// What else a call was about, such as the name of a role.
    pub subject: Option<String>,
    /// `done`, `begun`, or why it was refused.
    pub outcome: String,
    pub surface: String,
    pub request_id: Option<String>,
    pub address: Option<String>,
    pub agent: Option<String>,
    /// What the event says: a JSON object.
    pub data: String,
    /// Nothing of it is left when the account was erased.
    pub changes: Vec<ChangedValue>,
}

impl Kind {
    /// The stable name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Event => "event",
            Self::Call => "call",
        }
    }
}

impl Entry {
    pub(super) fn of_event(vault: &Vault, row: EventEntry) -> Result<Self> {
        let changes = match (&row.sealed, &row.sealed_key) {
            (Some(sealed), Some(key)) => {
                UserKey::open(vault, key)?.open_values(EventId(row.id), sealed)?
            }
            (Some(_), None) | (None, _) => Vec::new(),
        };
        Ok(Self {
            at: row.at(),
            id: row.id,
            kind: Kind::Event,
            action: row.action,
            actor: row.actor,
            actor_id: row.actor_id,
            target: Some(UserId(row.target_id)),
            subject: None,
            outcome: "done".to_owned(),
            surface: row.surface,
            request_id: row.request_id,
            address: row.address,
            agent: row.agent,
            data: row.data,
            changes,
        })
    }

    pub(super) fn of_call(row: CallEntry) -> Result<Self> {
        let changes = row.changes.as_deref().map(|json| ChangedValue::from_json(json.as_bytes()));
        Ok(Self {
            at: row.at(),
            id: row.id,
            kind: Kind::Call,
            action: row.action,
            actor: row.actor,
            actor_id: row.actor_id,
            target: row.target_id.map(UserId),
            subject: row.subject,
            outcome: row.outcome,
            surface: row.surface,
            request_id: row.request_id,
            address: row.address,
            agent: row.agent,
            data: "{}".to_owned(),
            changes: changes.transpose().map_err(Fault::Encoding)?.unwrap_or_default(),
        })
    }
}
