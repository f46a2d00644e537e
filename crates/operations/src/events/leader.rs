//! One instance leads: it numbers the log and carries it to whoever is told.

use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::join_all;
use storage::event_leader::{self, Epoch};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::endpoints::relay_to_endpoints;
use super::number::{keep_numbered, number_all};
use super::relay::{carry_all, relay};
use super::trouble::stumble;
use crate::error::Result;
use crate::jobs::LAST_WORDS;
use crate::services::Services;
use crate::webhooks;

/// How long a leader may be silent before another one leads, and how often to look.
#[derive(Clone, Debug)]
pub struct LeaderSettings {
    /// By the clock of the database.
    pub lease: Duration,
    /// How often to look for what other instances wrote.
    pub poll_interval: Duration,
}

impl Default for LeaderSettings {
    fn default() -> Self {
        Self { lease: Duration::from_secs(10), poll_interval: Duration::from_millis(500) }
    }
}

impl LeaderSettings {
    /// Several attempts fit into a lease.
    fn renew_every(&self) -> Duration {
        self.lease / 5
    }

    /// Who could not renew for so long stops, before anybody else can begin.
    fn give_up_after(&self) -> Duration {
        self.lease / 5 * 3
    }
}

/// Leads whenever nobody else does, until `stop` resolves. What was sent by then is marked first.
pub async fn lead(services: &Services, settings: &LeaderSettings, stop: impl Future<Output = ()>) {
    let stop = stop.shared();
    loop {
        if let Some(epoch) = take_lead(services, settings).await {
            tracing::info!(epoch = epoch.0, "this instance relays events");
            let halt = CancellationToken::new();
            let out_of_time = async {
                stop.clone().await;
                halt.cancel();
                tokio::time::sleep(LAST_WORDS).await;
            };
            tokio::select! {
                () = work(services, settings, epoch, &halt) => {}
                () = out_of_time => {}
                () = keep_lead(services, settings, epoch) => {
                    tracing::warn!(epoch = epoch.0, "another instance may relay events by now");
                }
            }
            resign(services, epoch).await;
        }
        tokio::select! {
            () = stop.clone() => return,
            () = tokio::time::sleep(settings.renew_every()) => {}
        }
    }
}

/// Until it is told to halt, and what was sent is marked.
async fn work(
    services: &Services,
    settings: &LeaderSettings,
    epoch: Epoch,
    halt: &CancellationToken,
) {
    let relays = services.sinks.iter();
    let relays = relays.map(|sink| relay(services, settings, epoch, sink, halt));
    let relayed = async {
        tokio::join!(join_all(relays), relay_to_endpoints(services, settings, epoch, halt));
    };
    tokio::select! {
        () = keep_numbered(services, settings, epoch) => {}
        () = relayed => {}
    }
}

/// Leads for a moment, numbers what there is and carries it on; answers how many events were carried.
/// Nothing, when another instance leads or nobody takes them. For tests, which go on when it is done:
/// a service leads until it stops ([`lead`]).
pub async fn relay_due(services: &Services, settings: &LeaderSettings) -> Result<usize> {
    let Some(epoch) = take_lead(services, settings).await else { return Ok(0) };
    let mut carried = 0;
    let numbered = number_all(services, epoch).await;
    let endpoints = webhooks::endpoints(services).await?;
    for sink in services.sinks.iter().chain(endpoints.iter().map(|endpoint| &endpoint.sink)) {
        match carry_all(services, epoch, sink).await {
            Ok(count) => carried += count,
            Err(trouble) => {
                stumble(services, epoch, sink, &trouble).await;
            }
        }
    }
    resign(services, epoch).await;
    numbered.map(|_| carried)
}

pub(super) async fn take_lead(services: &Services, settings: &LeaderSettings) -> Option<Epoch> {
    let led: Result<Option<Epoch>> =
        transact!(services, |tx| { event_leader::lead(tx, settings.lease).await? });
    led.unwrap_or_else(|error| {
        tracing::warn!(reason = error.chain(), "it is not known who relays events");
        None
    })
}

/// Resolves when this instance leads no longer, or can no longer be sure of it.
async fn keep_lead(services: &Services, settings: &LeaderSettings, epoch: Epoch) {
    let mut kept_at = Instant::now();
    while kept_at.elapsed() < settings.give_up_after() {
        tokio::time::sleep(settings.renew_every()).await;
        let asked_at = Instant::now();
        let asked = still_leads(services, settings, epoch);
        match tokio::time::timeout_at(kept_at + settings.give_up_after(), asked).await {
            Ok(Ok(true)) => kept_at = asked_at,
            Ok(Ok(false)) => return,
            Ok(Err(error)) => tracing::warn!(reason = error.chain(), "the lead was not renewed"),
            Err(_) => tracing::warn!("whether this instance leads was not answered in time"),
        }
    }
}

/// Renews the lease; false when somebody else leads by now.
pub(super) async fn still_leads(
    services: &Services,
    settings: &LeaderSettings,
    epoch: Epoch,
) -> Result<bool> {
    transact!(services, |tx| { event_leader::keep(tx, epoch, settings.lease).await? })
}

pub(super) async fn resign(services: &Services, epoch: Epoch) {
    let resigned: Result<()> = transact!(services, |tx| { event_leader::resign(tx, epoch).await? });
    if let Err(error) = resigned {
        tracing::debug!(reason = error.chain(), "the lease ends by itself");
    }
}
