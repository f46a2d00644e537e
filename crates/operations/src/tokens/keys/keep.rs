//! Reading the keys again, so that every instance has those that others made or retired.

use std::time::Duration;

use super::source;
use crate::error::Result;
use crate::services::Services;

/// A retired key is refused everywhere after twice this at most (JWT-12).
const EVERY: Duration = Duration::from_secs(30);

/// Reads the keys again and again until `stop` resolves.
pub async fn keep_keys(services: &Services, stop: impl Future<Output = ()>) {
    let mut stop = std::pin::pin!(stop);
    while tokio::time::timeout(EVERY, &mut stop).await.is_err() {
        if let Err(error) = reload_keys(services).await {
            tracing::warn!(reason = error.chain(), "the keys could not be read again");
        }
    }
}

pub async fn reload_keys(services: &Services) -> Result<()> {
    services.keys.reload(&source(services)).await
}
