//! Everything that is kept about somebody, for themselves: without secrets and without what is
//! about others.

use domain::{Permission, Refusal, Session, Timestamp, User, UserId};
use storage::jobs::{self, JobRecord};
use storage::{known_devices, sessions, users};
use uuid::Uuid;

use crate::audit::{Entry, entries_of};
use crate::authority::{self, ensure_fresh};
use crate::context::Context;
use crate::error::Result;
use crate::services::Services;

/// So much of the log is held in memory at a time.
const PIECE: i64 = 100;
/// Live sessions and jobs that are remembered; nobody has more of them.
const MOST: i64 = 1000;

#[derive(Clone, Debug)]
pub struct Export {
    pub user: User,
    pub exported_at: Timestamp,
    pub sessions: Vec<Session>,
    /// When each device was first and last seen.
    pub devices: Vec<(Timestamp, Timestamp)>,
    /// Mails among them, and what became of each.
    pub jobs: Vec<JobRecord>,
    /// The first piece of what happened; the others by [`export_events`].
    pub events: ExportedEvents,
}

/// A piece of what happened, the newest first.
#[derive(Clone, Debug)]
pub struct ExportedEvents {
    pub entries: Vec<Entry>,
    /// Where the next piece begins; none at the end.
    pub next: Option<Uuid>,
}

/// One's own, for whoever signed in a moment ago: a stolen token must not carry all of it away.
pub async fn export_own(services: &Services, ctx: &Context, user: &User) -> Result<Export> {
    ensure_fresh(services, ctx)?;
    export_of(services, ctx, user.clone()).await
}

/// Anybody's, for the operator and whoever may set credentials.
pub async fn export(services: &Services, ctx: &Context, id: UserId) -> Result<Export> {
    let mut read = services.store.read().await?;
    authority::asking(ctx, &mut read, Permission::UsersCredentials).await?;
    let user = users::find(&mut read, id).await?.ok_or(Refusal::UserNotFound)?;
    drop(read);
    export_of(services, ctx, user).await
}

/// What follows `after` in an export that was begun.
pub async fn export_events(
    services: &Services,
    id: UserId,
    after: Option<Uuid>,
) -> Result<ExportedEvents> {
    let mut read = services.store.read().await?;
    // One more than is shown tells whether there is more.
    let mut entries = entries_of(services, &mut read, id, after, PIECE + 1).await?;
    let has_more = i64::try_from(entries.len()).is_ok_and(|found| found > PIECE);
    if has_more {
        entries.pop();
    }
    let next = entries.last().map(|last| last.id).filter(|_| has_more);
    let entries = entries.into_iter().map(|entry| without_others(entry, id)).collect();
    Ok(ExportedEvents { entries, next })
}

async fn export_of(services: &Services, ctx: &Context, user: User) -> Result<Export> {
    let mut read = services.store.read().await?;
    let sessions = sessions::list_live(&mut read, user.id, ctx.now, MOST).await?;
    let devices = known_devices::list(&mut read, user.id).await?;
    let jobs = jobs::of_user(&mut read, user.id, MOST).await?;
    drop(read);
    let events = export_events(services, user.id, None).await?;
    Ok(Export { user, exported_at: ctx.now, sessions, devices, jobs, events })
}

/// Whence others did something is about them.
fn without_others(entry: Entry, id: UserId) -> Entry {
    if entry.actor_id == Some(id.0) || entry.actor == "anonymous" {
        return entry;
    }
    Entry { actor_id: None, address: None, agent: None, request_id: None, ..entry }
}
