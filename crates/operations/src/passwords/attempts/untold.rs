//! Failures that the log hears of after the answer.
//!
//! Only accounts that exist have a log. Written before the answer, it would tell by its time which
//! those are (LGN-09). A crash forgets the last second of it, and never a count.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use domain::{Event, User, UserId};
use storage::users;

use crate::context::Context;
use crate::error::Result;
use crate::services::Services;

/// How often what was collected is written.
const EVERY: Duration = Duration::from_secs(1);
/// Failures beyond these are counted, and not in the log.
const MOST: usize = 10_000;

#[derive(Default)]
pub(crate) struct UntoldFailures(Mutex<Vec<Untold>>);

struct Untold {
    user_id: UserId,
    failures: i64,
    ctx: Context,
}

impl UntoldFailures {
    pub(super) fn add(&self, ctx: &Context, user_id: UserId, failures: i64) {
        let mut untold = self.collected();
        if untold.len() < MOST {
            untold.push(Untold { user_id, failures, ctx: ctx.clone() });
        }
    }

    fn collected(&self) -> MutexGuard<'_, Vec<Untold>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Writes what was collected until `stop` resolves, and then once more.
pub async fn keep_failures_told(services: &Services, stop: impl Future<Output = ()>) {
    tokio::pin!(stop);
    loop {
        let is_over = tokio::select! {
            () = &mut stop => true,
            () = tokio::time::sleep(EVERY) => false,
        };
        if let Err(error) = tell_of_failures(services).await {
            tracing::warn!(reason = error.chain(), "failed sign-ins are missing in the log");
        }
        if is_over {
            return;
        }
    }
}

/// Writes what was collected so far.
pub async fn tell_of_failures(services: &Services) -> Result<()> {
    let collected = std::mem::take(&mut *services.untold_failures.collected());
    for Untold { user_id, failures, ctx } in collected {
        let told: Result<()> = transact!(services, |tx| {
            let user = users::find_locked(tx, user_id).await?;
            if user.is_some_and(|user: User| user.is_present()) {
                services.record(&ctx, tx, user_id, &Event::SignInFailed { failures }).await?;
            }
        });
        told?;
    }
    Ok(())
}
