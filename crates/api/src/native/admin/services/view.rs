//! A service as the native API shows it.

use domain::token::SecretToken;
use domain::{Permission, ServiceAccount, Timestamp};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

#[derive(Serialize, ToSchema)]
#[schema(title = "Service")]
pub(super) struct ServiceView {
    id: Uuid,
    #[schema(example = "gateway")]
    name: String,
    /// The username of HTTP Basic; the same as `id`.
    client_id: Uuid,
    permissions: Vec<&'static str>,
    /// The account that made it; none when the operator did.
    created_by: Option<Uuid>,
    #[schema(format = DateTime)]
    created_at: String,
    #[schema(format = DateTime)]
    rotated_at: Option<String>,
    /// Until when the secret before this one is good.
    #[schema(format = DateTime)]
    previous_secret_until: Option<String>,
    /// To the minute.
    #[schema(format = DateTime)]
    last_used_at: Option<String>,
}

#[derive(Serialize, ToSchema)]
#[schema(title = "Services")]
pub(super) struct ServicesView {
    pub(super) services: Vec<ServiceView>,
}

#[derive(Serialize, ToSchema)]
#[schema(title = "ServiceSecret")]
pub(super) struct ServiceSecretView {
    #[serde(flatten)]
    service: ServiceView,
    /// Shown this once.
    client_secret: String,
}

impl From<&ServiceAccount> for ServiceView {
    fn from(service: &ServiceAccount) -> Self {
        Self {
            id: service.id.0,
            name: service.name.clone(),
            client_id: service.id.0,
            permissions: service.permissions.iter().map(|may| Permission::as_str(*may)).collect(),
            created_by: service.created_by.map(|id| id.0),
            created_at: service.created_at.to_rfc3339(),
            rotated_at: service.rotated_at.map(Timestamp::to_rfc3339),
            previous_secret_until: service.previous_until.map(Timestamp::to_rfc3339),
            last_used_at: service.last_used_at.map(Timestamp::to_rfc3339),
        }
    }
}

impl ServiceSecretView {
    pub(super) fn new(service: &ServiceAccount, secret: &SecretToken) -> Self {
        let client_secret = secret.reveal().to_owned();
        Self { service: ServiceView::from(service), client_secret }
    }
}
