//! How much of the service one reader of the log has at a time, so that nobody's questions stand in
//! the way of others'. What he asks beyond that he asks again.

use std::time::Duration;

use domain::{Actor, Refusal};
use tokio::time::Instant;

use crate::context::Context;
use crate::error::{Error, Result};
use crate::limits::{Gates, Inside};
use crate::services::Services;

/// Calls of one reader in this process, those that wait for something new and streams among them.
const CALLS: usize = 64;
/// So many of them look through the log at once; the others stand in line.
const LOOKING: usize = 2;
/// For so long.
const PATIENCE: Duration = Duration::from_secs(10);
const COME_BACK: Duration = Duration::from_secs(1);

/// Somebody who reads the log, as long as his call lasts.
pub struct Reader {
    name: String,
    _call: Inside,
}

/// Refuses the call of whoever has too many already.
pub async fn admit(services: &Services, ctx: &Context) -> Result<Reader> {
    let name = match ctx.actor {
        Actor::Service(id) => id.to_string(),
        Actor::Anonymous | Actor::User(_) | Actor::Source(_) | Actor::Operator | Actor::System => {
            ctx.actor.as_str().to_owned()
        }
    };
    let call = enter(&services.gates, "calls", &name, CALLS, Instant::now()).await?;
    Ok(Reader { name, _call: call })
}

impl Reader {
    /// While it is held, he looks through the log.
    pub(super) async fn look(&self, services: &Services) -> Result<Inside> {
        let until = Instant::now() + PATIENCE;
        enter(&services.gates, "looking", &self.name, LOOKING, until).await
    }
}

/// It is he who asks too much, not all together.
async fn enter(
    gates: &Gates,
    what: &str,
    name: &str,
    width: usize,
    until: Instant,
) -> Result<Inside> {
    let key = format!("events/{what}/{name}");
    let inside = gates.enter(key.as_bytes(), width, until).await;
    inside.map_err(|error| match error {
        Error::Refused(_) => Refusal::TooManyRequests { retry_after: COME_BACK }.into(),
        Error::Fault(_) => error,
    })
}
