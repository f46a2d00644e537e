//! Whether the shared store of limits answers, for `/metrics`, and whether it is back.

use std::time::Duration;

use crate::measures;
use crate::services::Services;

const EVERY: Duration = Duration::from_secs(10);

/// Until `stop` resolves. Only whoever serves counts limits: elsewhere there is nothing to tell.
pub async fn watch_store(services: &Services, stop: impl Future<Output = ()>) {
    tokio::pin!(stop);
    loop {
        // An instance that nobody asks for anything would never find out that it is back.
        if let Err(error) = services.limiter.ping().await {
            tracing::warn!(%error, "the store of limits cannot be asked");
        }
        let is_up = f64::from(u8::from(!services.limiter.is_degraded()));
        metrics::gauge!(measures::LIMITS_STORE_UP).set(is_up);
        tokio::select! {
            () = &mut stop => return,
            () = tokio::time::sleep(EVERY) => {}
        }
    }
}
