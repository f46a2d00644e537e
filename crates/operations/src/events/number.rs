//! Numbering what was committed, in the order in which the leader sees it.

use storage::event_leader::Epoch;
use storage::event_log;

use super::leader::LeaderSettings;
use crate::error::Result;
use crate::services::Services;

/// In one transaction.
const PIECE: usize = 1000;

/// Numbers what there is; answers how many got a number. Fails as stale when somebody else leads.
pub(super) async fn number_all(services: &Services, epoch: Epoch) -> Result<usize> {
    let mut all = 0;
    // Most of the time there is nothing, and nobody is to wait for who writes nothing.
    if event_log::unnumbered_since(&mut services.store.read().await?).await?.is_none() {
        return Ok(0);
    }
    loop {
        let limit = i64::try_from(PIECE).unwrap_or(i64::MAX);
        let numbered: Result<usize> =
            transact!(services, |tx| { event_log::number(tx, epoch, limit).await? });
        let numbered = numbered?;
        if numbered > 0 {
            services.bell.ring_numbered();
        }
        all += numbered;
        if numbered < PIECE {
            return Ok(all);
        }
    }
}

/// Goes on for ever: what this process writes is numbered at once, the rest as often as is looked.
pub(super) async fn keep_numbered(services: &Services, settings: &LeaderSettings, epoch: Epoch) {
    loop {
        if let Err(error) = number_all(services, epoch).await {
            tracing::warn!(reason = error.chain(), "events could not be numbered");
            tokio::time::sleep(settings.poll_interval).await;
        }
        tokio::select! {
            () = services.bell.written() => {}
            () = tokio::time::sleep(settings.poll_interval) => {}
        }
    }
}
