//! Carrying the log to every address that wants it, each at its own pace.

use std::collections::HashMap;

use futures_util::StreamExt as _;
use futures_util::stream::FuturesUnordered;
use storage::event_leader::Epoch;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::leader::LeaderSettings;
use super::relay::relay;
use crate::services::Services;
use crate::webhooks::{Endpoint, endpoints};

/// The relay of an address, with the version of its settings.
struct Running {
    version: i64,
    halt: CancellationToken,
}

/// Goes on until it is told to halt: addresses come, change and go.
pub(super) async fn relay_to_endpoints(
    services: &Services,
    settings: &LeaderSettings,
    epoch: Epoch,
    halt: &CancellationToken,
) {
    let mut running: HashMap<Uuid, Running> = HashMap::new();
    let mut relays = FuturesUnordered::new();
    loop {
        let looked = Box::pin(halt.run_until_cancelled(endpoints(services)));
        match meanwhile(&mut relays, &mut running, looked).await {
            Some(Ok(endpoints)) => {
                halt_others(&running, &endpoints);
                for Endpoint { id, version, sink } in endpoints {
                    // One with other settings begins when it has come to its end: no two send at once.
                    if running.contains_key(&id) {
                        continue;
                    }
                    let halt = halt.child_token();
                    running.insert(id, Running { version, halt: halt.clone() });
                    relays.push(Box::pin(async move {
                        relay(services, settings, epoch, &sink, &halt).await;
                        id
                    }));
                }
            }
            Some(Err(error)) => {
                tracing::warn!(reason = error.chain(), "it is not known where events are sent");
            }
            None => break,
        }
        meanwhile(&mut relays, &mut running, tokio::time::sleep(settings.poll_interval)).await;
    }
    while relays.next().await.is_some() {}
}

/// Those that are wanted no more, or not with these settings.
fn halt_others(running: &HashMap<Uuid, Running>, endpoints: &[Endpoint]) {
    for (id, running) in running {
        let same = |one: &Endpoint| one.id == *id && one.version == running.version;
        if !endpoints.iter().any(same) {
            running.halt.cancel();
        }
    }
}

/// Waits; relays go on meanwhile, as they may hold what is waited for. One that ended by itself is begun
/// anew at the next look, unless it is paused by then.
async fn meanwhile<T>(
    relays: &mut FuturesUnordered<impl Future<Output = Uuid> + Unpin>,
    running: &mut HashMap<Uuid, Running>,
    awaited: impl Future<Output = T>,
) -> T {
    tokio::pin!(awaited);
    loop {
        tokio::select! {
            got = &mut awaited => return got,
            Some(id) = relays.next() => {
                running.remove(&id);
            }
        }
    }
}
