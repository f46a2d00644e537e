//! An entry for machines: the fields of the native API.

use operations::audit::Entry;
use serde_json::{Map, Value, json};

/// One line.
pub(in crate::cli) fn json(entry: &Entry) -> String {
    let changes = entry.changes.iter().map(|change| {
        (change.field.clone(), json!({ "before": change.before, "after": change.after }))
    });
    let data = serde_json::from_str(&entry.data).unwrap_or_else(|_| Value::Object(Map::new()));
    let fields = json!({
        "id": entry.id.to_string(),
        "kind": entry.kind.as_str(),
        "at": entry.at.to_rfc3339(),
        "action": entry.action,
        "actor": entry.actor,
        "actor_id": entry.actor_id.map(|id| id.to_string()),
        "target_id": entry.target.map(|id| id.to_string()),
        "subject": entry.subject,
        "outcome": entry.outcome,
        "surface": entry.surface,
        "request_id": entry.request_id,
        "address": entry.address,
        "agent": entry.agent,
        "data": data,
        "changes": changes.collect::<Map<String, Value>>(),
    });
    fields.to_string()
}
