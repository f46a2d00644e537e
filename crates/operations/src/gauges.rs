//! What `/metrics` says of tables, in every process that answers it. Looked at now and then, however often
//! somebody asks.

use std::time::Duration;

use crate::events::StreamGauges;
use crate::jobs;
use crate::services::Services;

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
