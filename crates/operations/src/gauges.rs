//! What `/metrics` says of how things are. Tables are looked at now and then, however often somebody
//! asks; what this process holds in memory, whenever somebody does.

use std::time::Duration;

use domain::Timestamp;

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
        let looks = [
            (jobs::observe(services).await, "it is not known how many jobs wait"),
            (self.streams.observe(services).await, "it is not known how far events are"),
            (observe_keys(services).await, "it is not known which keys there are"),
        ];
        let mut are_all_read = true;
        for (look, unknown) in looks {
            if let Err(error) = look {
                are_all_read = false;
                tracing::warn!(reason = error.chain(), "{unknown}");
            }
        }
        if are_all_read {
            tell_read(services.clock.now());
        }
    }
}

/// Until `stop` resolves.
pub async fn keep_gauges(services: &Services, stop: impl Future<Output = ()>) {
    let mut gauges = Gauges::default();
    // What was never read was read at the beginning of time: a gauge that is not there wakes nobody.
    tell_read(Timestamp::from_seconds(0));
    tokio::pin!(stop);
    loop {
        gauges.observe(services).await;
        tokio::select! {
            () = &mut stop => return,
            () = tokio::time::sleep(EVERY) => {}
        }
    }
}

/// What cannot be read keeps the value that it had: this tells how old that is.
#[expect(clippy::cast_precision_loss, reason = "seconds of a clock are few")]
fn tell_read(at: Timestamp) {
    metrics::gauge!(measures::GAUGES_READ).set(at.as_seconds() as f64);
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
}
