//! Carrying the log to every address that wants it, each at its own pace.

use std::collections::HashMap;
use std::sync::Arc;

use futures_util::StreamExt as _;
use futures_util::future::{AbortHandle, Abortable, Aborted};
use futures_util::stream::FuturesUnordered;
use storage::event_leader::Epoch;
use uuid::Uuid;

use super::leader::LeaderSettings;
use super::relay::relay;
use crate::services::Services;
use crate::webhooks::{Endpoint, endpoints};

/// The relay of an address, with the version of its settings.
struct Running {
    version: i64,
    handle: AbortHandle,
}

/// Goes on for ever: addresses come, change and go.
pub(super) async fn relay_to_endpoints(
    services: &Services,
    settings: &LeaderSettings,
    epoch: Epoch,
) {
    let mut running: HashMap<Uuid, Running> = HashMap::new();
    let mut relays = FuturesUnordered::new();
    loop {
        // They go on meanwhile: they may hold what is waited for here.
        let looked = endpoints(services);
        tokio::pin!(looked);
        let looked = loop {
            tokio::select! {
                looked = &mut looked => break looked,
                Some(ended) = relays.next() => forget(&mut running, ended),
            }
        };
        match looked {
            Ok(endpoints) => {
                running.retain(|id, running| {
                    let same = |one: &Endpoint| one.id == *id && one.version == running.version;
                    let stays = endpoints.iter().any(same);
                    if !stays {
                        running.handle.abort();
                    }
                    stays
                });
                for Endpoint { id, version, sink } in endpoints {
                    if running.contains_key(&id) {
                        continue;
                    }
                    let (handle, registration) = AbortHandle::new_pair();
                    running.insert(id, Running { version, handle });
                    let sink = Arc::new(sink);
                    let relayed = async move {
                        relay(services, settings, epoch, &sink).await;
                        id
                    };
                    relays.push(Abortable::new(Box::pin(relayed), registration));
                }
            }
            Err(error) => {
                tracing::warn!(reason = error.chain(), "it is not known where events are sent");
            }
        }
        let pause = tokio::time::sleep(settings.poll_interval);
        tokio::pin!(pause);
        loop {
            tokio::select! {
                () = &mut pause => break,
                // One that ended by itself is begun anew, unless it is paused by then.
                Some(ended) = relays.next() => forget(&mut running, ended),
            }
        }
    }
}

/// One that was cut off has a successor under the same id.
fn forget(running: &mut HashMap<Uuid, Running>, ended: Result<Uuid, Aborted>) {
    if let Ok(id) = ended {
        running.remove(&id);
    }
}
