//! The audit trail on the wire.

use std::collections::BTreeMap;

use operations::audit::{Entry, Page};
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;
use uuid::Uuid;

#[derive(Serialize, ToSchema)]
#[schema(title = "AuditTrail")]
pub(in crate::native) struct TrailView {
    entries: Vec<EntryView>,
    /// The `cursor` of the next request; none at the end.
    next: Option<Uuid>,
}

/// Who did what to whom, when and whence.
#[derive(Serialize, ToSchema)]
#[schema(title = "AuditEntry")]
pub(in crate::native) struct EntryView {
    id: Uuid,
    /// `event` when something changed, `call` when an administrator or the operator asked for something.
    #[schema(example = "call")]
    kind: &'static str,
    #[schema(format = DateTime)]
    at: String,
    /// The type of the event, or the name of the call.
    #[schema(example = "users.block")]
    action: String,
    /// `user`, `service`, `source` (another service, by a command), `operator`, `system` or `anonymous`.
    #[schema(example = "user")]
    actor: String,
    actor_id: Option<Uuid>,
    /// The account that it is about.
    target_id: Option<Uuid>,
    /// What else a call is about, such as the id of a service.
    subject: Option<String>,
    /// `done`, `begun` when nobody came back to say how it ended, or the code of the refusal.
    #[schema(example = "done")]
    outcome: String,
    surface: String,
    request_id: Option<String>,
    address: Option<String>,
    agent: Option<String>,
    /// What the event says.
    #[schema(value_type = Object)]
    data: Value,
    /// The fields that changed, as long as the account is not erased.
    changes: BTreeMap<String, ChangeView>,
}

#[derive(Serialize, ToSchema)]
#[schema(title = "ChangedValue")]
pub(in crate::native) struct ChangeView {
    before: Option<String>,
    after: Option<String>,
}

impl From<&Page> for TrailView {
    fn from(page: &Page) -> Self {
        Self { entries: page.entries.iter().map(EntryView::from).collect(), next: page.next }
    }
}

impl From<&Entry> for EntryView {
    fn from(entry: &Entry) -> Self {
        let changes = entry.changes.iter().map(|change| {
            let view = ChangeView { before: change.before.clone(), after: change.after.clone() };
            (change.field.clone(), view)
        });
        Self {
            id: entry.id,
            kind: entry.kind.as_str(),
            at: entry.at.to_rfc3339(),
            action: entry.action.clone(),
            actor: entry.actor.clone(),
            actor_id: entry.actor_id,
            target_id: entry.target.map(|id| id.0),
            subject: entry.subject.clone(),
            outcome: entry.outcome.clone(),
            surface: entry.surface.clone(),
            request_id: entry.request_id.clone(),
            address: entry.address.clone(),
            agent: entry.agent.clone(),
            data: serde_json::from_str(&entry.data).unwrap_or_else(|_| Value::Object(Map::new())),
            changes: changes.collect(),
        }
    }
}
