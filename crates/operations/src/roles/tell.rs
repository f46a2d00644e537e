//! Telling the accounts that held a role that it permits something else, or is gone.
//!
//! What is permitted holds from the commit of the change on. What follows here, account by account
//! and in bounded pieces, is that access tokens minted before are refused, also by resource servers
//! that follow the feed, and that each account's events tell it.

use domain::{Event, RoleName, Status, UserId};
use serde::{Deserialize, Serialize};
use storage::revocations::RecordedAt;
use storage::{Tx, role_departures, roles, users};
use uuid::Uuid;

use crate::context::Context;
use crate::error::Result;
use crate::jobs::{self, Job};
use crate::services::Services;

/// So many accounts are locked in one transaction.
const PIECE: i64 = 50;

/// Those who have yet to be told.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Holders {
    role: String,
    /// With greater ids than this.
    after: Uuid,
    /// Whoever's roles were counted on since is right already. By the clock of the database.
    changed_at: i64,
}

impl Holders {
    pub(super) fn all(role: &RoleName, RecordedAt(changed_at): RecordedAt) -> Self {
        Self { role: role.as_str().to_owned(), after: Uuid::nil(), changed_at }
    }
}

/// One piece; the next is promised with it.
pub(crate) async fn tell_holders(
    services: &Services,
    ctx: &Context,
    holders: &Holders,
) -> Result<()> {
    let role = RoleName::new(&holders.role);
    let (after, changed_at) = (UserId(holders.after), RecordedAt(holders.changed_at));
    transact!(services, |tx| {
        let ids = roles::untold_holders(tx, &role, after, changed_at, PIECE).await?;
        for id in &ids {
            let event = Event::PermissionsChanged { role: role.clone() };
            count_on(services, ctx, tx, *id, &event).await?;
        }
        if let Some(last) = ids.last() {
            let next = Holders { after: last.0, ..holders.clone() };
            jobs::promise(services, ctx, tx, Job::TellHolders(next), ctx.now).await?;
        }
    })
}

/// The same for those who held a role before it was deleted.
pub(crate) async fn tell_departed(
    services: &Services,
    ctx: &Context,
    generation: i64,
) -> Result<()> {
    transact!(services, |tx| {
        let departed = role_departures::list(tx, generation, PIECE).await?;
        for (id, role) in &departed {
            let event = Event::RoleRevoked { role: role.clone() };
            count_on(services, ctx, tx, *id, &event).await?;
            role_departures::delete(tx, generation, *id).await?;
        }
        if !departed.is_empty() {
            let next = Job::TellDeparted { generation };
            jobs::promise(services, ctx, tx, next, ctx.now).await?;
        }
    })
}

async fn count_on(
    services: &Services,
    ctx: &Context,
    tx: &mut Tx,
    id: UserId,
    event: &Event,
) -> Result<()> {
    let Some(user) = users::find_locked(tx, id).await? else { return Ok(()) };
    if user.status == Status::Purged {
        return Ok(());
    }
    // The time of the change, not of the job: tokens minted in between are older.
    users::change_roles(tx, &user, services.clock.now()).await?;
    services.record(ctx, tx, id, event).await
}
