//! An account for machines: the fields of the native API, when a deleted one is erased, and until
//! when one is blocked.

use domain::{Permission, RoleName, Status, Timestamp, User};
use operations::accounts::PurgeReceipt;
use serde_json::{Map, Value, json};

/// One line. Lists do not say why somebody is blocked, and know no receipts of what was erased.
pub(super) fn json(user: &User, reason: Option<&str>, receipt: Option<&PurgeReceipt>) -> String {
    let metadata = serde_json::from_str(&user.profile.metadata);
    let purge_at = match user.status {
        Status::Deleted { purge_at } => Some(purge_at.to_rfc3339()),
        Status::Active | Status::Blocked { .. } | Status::Purged => None,
    };
    let blocked_until = match user.status {
        Status::Blocked { until } => until.map(Timestamp::to_rfc3339),
        Status::Active | Status::Deleted { .. } | Status::Purged => None,
    };
    let roles: Vec<&str> = user.roles.iter().map(RoleName::as_str).collect();
    let permissions: Vec<&str> =
        user.permissions.iter().map(|may| Permission::as_str(*may)).collect();
    let mut account = json!({
        "id": user.id.0.to_string(),
        "number": user.number,
        "username": user.username,
        "email": user.email,
        "email_verified": user.email_verified,
        "pending_email": user.pending_email,
        "phone": user.phone,
        "phone_verified": user.phone_verified,
        "first_name": user.profile.first_name,
        "last_name": user.profile.last_name,
        "locale": user.profile.locale,
        "roles": roles,
        "permissions": permissions,
        "status": user.status.as_str(),
        "purge_at": purge_at,
        "blocked_until": blocked_until,
        "blocked_reason": reason,
        "created_at": user.created_at.to_rfc3339(),
        "updated_at": user.updated_at.to_rfc3339(),
        "last_login_at": user.last_login_at.map(Timestamp::to_rfc3339),
        "metadata": metadata.unwrap_or_else(|_| Value::Object(Map::new())),
    });
    if let Some(receipt) = receipt {
        account["receipt"] = json!({
            "deleted_at": receipt.deleted_at.to_rfc3339(),
            "deleted_by": receipt.deleted_by,
            "purged_at": receipt.purged_at.to_rfc3339(),
        });
    }
    account.to_string()
}
