//! Reading the trail, the newest entries first.

use std::time::Duration;

use domain::{EventId, Permission, Refusal, Timestamp, UserId};
use storage::audit::{self, Filter};
use storage::{Read, users};
use uuid::Uuid;

use super::entry::Entry;
use super::pattern::{Names, Pattern};
use crate::authority;
use crate::context::Context;
use crate::error::Result;
use crate::services::Services;

/// Which entries are asked for.
#[derive(Clone, Debug)]
pub struct Question {
    pub actor: Option<Uuid>,
    pub target: Option<UserId>,
    /// The name of a call or the type of an event; `*` stands for anything.
    pub action: Option<String>,
    /// Both to the millisecond.
    pub since: Option<Timestamp>,
    /// Not included.
    pub until: Option<Timestamp>,
    /// The last entry of the page before.
    pub after: Option<Uuid>,
    pub limit: i64,
}

#[derive(Clone, Debug)]
pub struct Page {
    pub entries: Vec<Entry>,
    /// Where the next page begins; none at the end.
    pub next: Option<Uuid>,
}

impl Default for Question {
    fn default() -> Self {
        let (actor, target, action) = (None, None, None);
        Self { actor, target, action, since: None, until: None, after: None, limit: 50 }
    }
}

/// For whoever may read the trail.
pub async fn list(services: &Services, ctx: &Context, question: &Question) -> Result<Page> {
    let mut read = services.store.read().await?;
    authority::asking(ctx, &mut read, Permission::AuditRead).await?;
    page(services, ctx, &mut read, question).await
}

/// What is known of one account, erased ones included.
pub async fn list_of(
    services: &Services,
    ctx: &Context,
    id: UserId,
    question: &Question,
) -> Result<Page> {
    let mut read = services.store.read().await?;
    authority::asking(ctx, &mut read, Permission::AuditRead).await?;
    users::find(&mut read, id).await?.ok_or(Refusal::UserNotFound)?;
    let question = Question { target: Some(id), ..question.clone() };
    page(services, ctx, &mut read, &question).await
}

/// Events of one account alone, the newest first; for its owner and for whoever helps.
pub(crate) async fn entries_of(
    services: &Services,
    read: &mut Read,
    id: UserId,
    after: Option<Uuid>,
    limit: i64,
) -> Result<Vec<Entry>> {
    let question = Question { target: Some(id), after, ..Question::default() };
    let filter = question.filter();
    let events = audit::events(read, &filter, limit).await?;
    events.into_iter().map(|row| Entry::of_event(&services.vault, row)).collect()
}

async fn page(
    services: &Services,
    ctx: &Context,
    read: &mut Read,
    question: &Question,
) -> Result<Page> {
    // One more than is shown tells whether there is more; another may be the call that asks.
    let (limit, enough) = (question.limit.max(1), question.limit.max(1) + 2);
    let pattern = Pattern::new(question.action.as_deref());
    let (mut events, mut calls) = (Vec::new(), Vec::new());
    for filter in question.filters(pattern.among_events(read).await?) {
        events.extend(audit::events(read, &filter, enough).await?);
    }
    for filter in question.filters(pattern.among_calls(read).await?) {
        calls.extend(audit::calls(read, &filter, enough).await?);
    }
    let own = ctx.call.as_ref().and_then(|call| call.id());
    let calls = calls.into_iter().filter(|call| own.is_none_or(|own| own.0 != call.id));
    let mut entries = calls.map(Entry::of_call).collect::<Result<Vec<Entry>>>()?;
    for event in events {
        entries.push(Entry::of_event(&services.vault, event)?);
    }
    entries.sort_by_key(|entry| std::cmp::Reverse(entry.id));
    let shown = usize::try_from(limit).unwrap_or(usize::MAX);
    let has_more = entries.len() > shown;
    entries.truncate(shown);
    let next = entries.last().map(|last| last.id).filter(|_| has_more);
    Ok(Page { entries, next })
}

impl Question {
    /// Whatever is done, in the span and by and to whom is asked for.
    fn filter(&self) -> Filter {
        let first = |at: Timestamp| EventId::new(at, [0; 10]).0;
        // Ids know milliseconds: up to the next whole one.
        let until = self.until.map(|until| first(until + Duration::from_micros(999)));
        let before = [self.after, until];
        Filter {
            from: self.since.map_or(Uuid::nil(), first),
            before: before.into_iter().flatten().min().unwrap_or(Uuid::max()),
            action: None,
            actor: self.actor,
            target: self.target,
        }
    }

    fn filters(&self, among: Names) -> Vec<Filter> {
        match among {
            Names::All => vec![self.filter()],
            Names::These(names) => {
                let named = |name| Filter { action: Some(name), ..self.filter() };
                names.into_iter().map(named).collect()
            }
        }
    }
}
