//! A service for machines: the fields of the native API.

use domain::{Permission, ServiceAccount, Timestamp};
use serde_json::{Value, json};

pub(super) fn value(service: &ServiceAccount) -> Value {
    let permissions: Vec<&str> =
        service.permissions.iter().map(|may| Permission::as_str(*may)).collect();
    json!({
        "id": service.id.to_string(),
        "name": service.name,
        "client_id": service.id.to_string(),
        "permissions": permissions,
        "created_by": service.created_by.map(|id| id.to_string()),
        "created_at": service.created_at.to_rfc3339(),
        "rotated_at": service.rotated_at.map(Timestamp::to_rfc3339),
        "previous_secret_until": service.previous_until.map(Timestamp::to_rfc3339),
        "last_used_at": service.last_used_at.map(Timestamp::to_rfc3339),
    })
}
