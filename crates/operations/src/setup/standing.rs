//! Whether a first administrator can still be made.

use domain::Timestamp;
use storage::setup;

use crate::error::Result;
use crate::health::has_admin;
use crate::services::Services;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// There is or was an administrator: for good.
    Closed,
    /// A token waits for whoever reads it.
    Offered { since: Timestamp },
    /// No token was made yet.
    Open,
}

pub async fn standing(services: &Services) -> Result<Standing> {
    if has_admin(services).await? {
        return Ok(Standing::Closed);
    }
    let setup = setup::find(&mut services.store.read().await?).await?;
    Ok(match (setup.closed_at, setup.token_made_at) {
        (Some(_), _) => Standing::Closed,
        (None, Some(since)) => Standing::Offered { since },
        (None, None) => Standing::Open,
    })
}
