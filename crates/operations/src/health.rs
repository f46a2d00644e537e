//! Is the service able to work, and is what it keeps sound?

use storage::consistency::Findings;

use crate::diagnosis;
use crate::error::Result;
use crate::services::Services;

/// A service that is able to work.
pub struct Ready {
    /// Something that only makes it better does not answer: limits are counted by each instance
    /// alone.
    pub is_degraded: bool,
}

/// Whether the database answers; nothing else decides readiness.
pub async fn ready(services: &Services) -> Result<Ready> {
    services.store.ping().await?;
    Ok(Ready { is_degraded: services.limiter.is_degraded() })
}

/// The invariants of docs/REQUIREMENTS.md that a state can break.
pub async fn fsck(services: &Services) -> Result<Findings> {
    diagnosis::findings(&services.store).await
}

/// Whether anybody can administrate: an active account with the role `admin`.
pub async fn has_admin(services: &Services) -> Result<bool> {
    diagnosis::has_admin(&services.store).await
}
