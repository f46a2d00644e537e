//! When a session was last used, for its owner to see.
//!
//! Nothing is decided by it, so it is collected in memory and written now and then; a crash
//! forgets the last minute of it.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use domain::{Session, SessionId, Timestamp};
use storage::sessions;

use crate::error::Result;
use crate::services::Services;

/// A session is written at most so often.
const PRECISION: Duration = Duration::from_mins(5);
/// How often what was collected is written.
const EVERY: Duration = Duration::from_secs(30);
/// Sessions beyond these wait for the next time they are used.
const MOST: usize = 100_000;
/// Sessions in one transaction.
const PIECE: usize = 100;

/// Sessions that were used since they were last written, in the order in which every instance
/// writes them: two that write the same do not wait for each other in a circle.
#[derive(Default)]
pub(crate) struct LastSeen(Mutex<BTreeMap<SessionId, Timestamp>>);

impl LastSeen {
    pub(super) fn note(&self, session: &Session, now: Timestamp) {
        if now.since(session.last_seen_at) < PRECISION {
            return;
        }
        let mut used = self.used();
        if used.len() < MOST || used.contains_key(&session.id) {
            used.insert(session.id, now);
        }
    }

    fn used(&self) -> MutexGuard<'_, BTreeMap<SessionId, Timestamp>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Writes what was collected until `stop` resolves, and then once more.
pub async fn keep_last_seen(services: &Services, stop: impl Future<Output = ()>) {
    tokio::pin!(stop);
    loop {
        let is_over = tokio::select! {
            () = &mut stop => true,
            () = tokio::time::sleep(EVERY) => false,
        };
        if let Err(error) = write_last_seen(services).await {
            tracing::warn!(reason = error.chain(), "when sessions were used is not written");
        }
        if is_over {
            return;
        }
    }
}

/// Writes what was collected so far.
pub async fn write_last_seen(services: &Services) -> Result<()> {
    let used = std::mem::take(&mut *services.last_seen.used());
    let used: Vec<(SessionId, Timestamp)> = used.into_iter().collect();
    for piece in used.chunks(PIECE) {
        let written: Result<()> = transact!(services, |tx| {
            for (session, at) in piece {
                sessions::see(tx, *session, *at).await?;
            }
        });
        written?;
    }
    Ok(())
}
