//! Why somebody cannot get in: one question, every source that could know.
//!
//! A source is a file with a function `find`, and a line in [`explain`]. The codes of findings are
//! stable, and explained in docs/OPERATIONS.md.

mod account;
mod codes;
mod finding;
mod limits;
mod mails;
mod password;
mod sessions;

use domain::{Event, Permission, Refusal, User, UserId};
use storage::events::{self, Cause};
use storage::{Read, users};

use crate::audit::{Entry, entries_of};
use crate::authority;
use crate::context::Context;
use crate::error::Result;
use crate::services::Services;
pub use finding::{By, Finding, Severity};

/// So far back the log is looked through for what happened lately.
const EVENTS: i64 = 200;

#[derive(Clone, Debug)]
pub struct Explanation {
    pub user: User,
    /// With the right password, from a device that the account does not know.
    pub could_sign_in: bool,
    /// The most important first.
    pub findings: Vec<Finding>,
}

/// What every source is asked.
struct Asked<'a> {
    services: &'a Services,
    ctx: &'a Context,
    user: &'a User,
    /// What happened to the account lately, the newest first.
    events: Vec<Entry>,
}

/// For whoever may see the account. Nothing is changed by it.
pub async fn explain(services: &Services, ctx: &Context, id: UserId) -> Result<Explanation> {
    let mut read = services.store.read().await?;
    authority::asking(ctx, &mut read, Permission::UsersRead).await?;
    let user = users::find(&mut read, id).await?.ok_or(Refusal::UserNotFound)?;
    let events = entries_of(services, &mut read, id, None, EVENTS).await?;
    let asked = Asked { services, ctx, user: &user, events };
    let mut findings = account::find(&asked, &mut read).await?;
    findings.extend(password::find(&asked, &mut read).await?);
    findings.extend(codes::find(&asked, &mut read).await?);
    findings.extend(limits::find(&asked).await?);
    findings.extend(sessions::find(&asked, &mut read).await?);
    findings.extend(mails::find(&asked, &mut read).await?);
    // Stable: within one severity, in the order of the sources.
    findings.sort_by_key(|finding| finding.severity);
    let could_sign_in = findings.iter().all(|finding| finding.severity != Severity::Blocking);
    Ok(Explanation { user, could_sign_in, findings })
}

impl Asked<'_> {
    /// The newest event of the kind of `like`, however many of other kinds came after it.
    async fn newest(&self, read: &mut Read, like: &Event) -> Result<Option<Cause>> {
        Ok(events::newest(read, self.user.id, like).await?)
    }
}
