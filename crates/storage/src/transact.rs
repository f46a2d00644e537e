//! The writing half of an operation: bounded, retried when the database asks for it.

use std::cell::Cell;
use std::time::Duration;

use tokio::time::Instant;

use crate::error::{Error, Transient};

/// Longest life of a write transaction: later, it is not committed any more.
pub const WRITE_LIMIT: Duration = Duration::from_secs(5);

/// How much of the log its readers read again and again, by the clock of the database. What was
/// written is committed within [`WRITE_LIMIT`], or the while that a commit itself may take; so
/// long may pass on top between two readings, and nothing that commits late is skipped.
pub const LOG_OVERLAP: Duration = Duration::from_secs(30);

const ATTEMPTS: u32 = 4;

/// Counts the attempts of one [`transact!`](crate::transact), and the time they take together.
pub struct Attempts {
    count: u32,
    started: Instant,
}

impl Default for Attempts {
    fn default() -> Self {
        Self { count: 0, started: Instant::now() }
    }
}

impl Attempts {
    /// Whether to try again after `error`; waits a moment first so that rivals can finish.
    pub async fn again(&mut self, error: &impl Transient) -> bool {
        self.count += 1;
        let is_late = self.started.elapsed() >= WRITE_LIMIT;
        if !error.is_transient() || self.count >= ATTEMPTS || is_late {
            return false;
        }
        tokio::time::sleep(Duration::from_millis(5 * u64::from(self.count * self.count))).await;
        true
    }
}

/// A statement whose server says nothing at all: the server's own limits are shorter.
const SILENCE: Duration = Duration::from_secs(5);

tokio::task_local! {
    static STATEMENTS: Cell<u64>;
}

/// How many statements `work` runs: what takes equally many hides which way it went.
pub async fn counted<T>(work: impl Future<Output = T>) -> (T, u64) {
    let count = async {
        let done = work.await;
        (done, STATEMENTS.with(Cell::get))
    };
    STATEMENTS.scope(Cell::new(0), count).await
}

/// Waits for a statement, but not for ever: a server that hangs keeps no request.
pub(crate) async fn answered<T>(
    statement: impl Future<Output = sqlx::Result<T>>,
) -> Result<T, Error> {
    // Nobody counts but who asked.
    let _ = STATEMENTS.try_with(|count| count.set(count.get() + 1));
    match tokio::time::timeout(SILENCE, statement).await {
        Ok(outcome) => outcome.map_err(Error::from),
        Err(_) => Err(Error::Unavailable { source: None }),
    }
}

/// Runs `work`, unless it takes longer than a write transaction may live.
pub async fn bounded<T, E: From<Error>>(work: impl Future<Output = Result<T, E>>) -> Result<T, E> {
    match tokio::time::timeout(WRITE_LIMIT, work).await {
        Ok(outcome) => outcome,
        Err(_) => Err(E::from(Error::Unavailable { source: None })),
    }
}

/// Runs a block in a write transaction and commits it.
///
/// The block is run again, up to three times, when the database ended it for the sake of another
/// transaction (deadlock, serialisation, busy). It therefore does nothing but SQL.
#[macro_export]
macro_rules! transact {
    ($store:expr, |$tx:ident| $body:block) => {{
        let mut attempts = $crate::transact_support::Attempts::default();
        loop {
            let outcome = $crate::transact_support::bounded(async {
                let mut transaction = $store.write().await?;
                let value = {
                    let $tx: &mut $crate::Tx = &mut transaction;
                    $body
                };
                transaction.commit().await?;
                Ok(value)
            })
            .await;
            match outcome {
                Err(error) if attempts.again(&error).await => {}
                outcome => break outcome,
            }
        }
    }};
}
