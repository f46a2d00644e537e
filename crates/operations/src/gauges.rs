//! What `/metrics` says of how things are. Tables are looked at now and then, however often somebody
//! asks; what this process holds in memory, whenever somebody does.

use std::time::Duration;

use crate::events::StreamGauges;
use crate::jobs;
use crate::measures;
use crate::services::Services;
use crate::tokens::observe_keys;

const EVERY: Duration = Duration::from_secs(15);

#[derive(Default)]
pub struct Gauges {
    streams: StreamGauges,
}

impl Gauges {
    pub async fn observe(&mut self, services: &Services) {
        if let Err(error) = jobs::observe(services).await {
            tracing::warn!(reason = error.chain(), "it is not known how many jobs wait");
        }
        if let Err(error) = self.streams.observe(services).await {
            tracing::warn!(reason = error.chain(), "it is not known how far events are");
        }
        if let Err(error) = observe_keys(services).await {
            tracing::warn!(reason = error.chain(), "it is not known which keys there are");
        }
    }
}

/// Until `stop` resolves.
pub async fn keep_gauges(services: &Services, stop: impl Future<Output = ()>) {
    let mut gauges = Gauges::default();
    tokio::pin!(stop);
    loop {
        gauges.observe(services).await;
        tokio::select! {
            () = &mut stop => return,
            () = tokio::time::sleep(EVERY) => {}
        }
    }
}

/// What this process holds at this moment. Asks nobody.
pub fn tell_present(services: &Services) {
    for pool in services.store.pool_use() {
        for (state, count) in [("used", pool.used), ("idle", pool.idle)] {
            metrics::gauge!(measures::DATABASE_CONNECTIONS, "pool" => pool.pool, "state" => state)
                .set(count);
        }
        metrics::gauge!(measures::DATABASE_CONNECTIONS_MAX, "pool" => pool.pool).set(pool.max);
    }
    services.cache.tell();
    let is_up = f64::from(u8::from(!services.limiter.is_degraded()));
    metrics::gauge!(measures::LIMITS_STORE_UP).set(is_up);
}
