//! What waits to be done and what became of it, for administrators and the operator.

use domain::{JobId, Permission, Refusal, UserId};
use storage::jobs::{self, Filter, JobRecord, State};

use crate::authority;
use crate::context::Context;
use crate::error::Result;
use crate::services::Services;

/// Which jobs are asked for.
#[derive(Clone, Debug)]
pub struct Question {
    pub state: Option<State>,
    /// Such as `deliver_mail`.
    pub kind: Option<String>,
    pub user_id: Option<UserId>,
    /// The last job of the page before.
    pub after: Option<JobId>,
    pub limit: usize,
}

#[derive(Clone, Debug)]
pub struct Page {
    pub jobs: Vec<JobRecord>,
    /// Where the next page begins; none at the end.
    pub next: Option<JobId>,
}

impl Default for Question {
    fn default() -> Self {
        Self { state: None, kind: None, user_id: None, after: None, limit: 50 }
    }
}

/// The newest promise first. What jobs carry is told to nobody.
pub async fn list(services: &Services, ctx: &Context, question: &Question) -> Result<Page> {
    let mut read = services.store.read().await?;
    authority::asking(ctx, &mut read, Permission::JobsRead).await?;
    let Question { state, kind, user_id, after, limit } = question.clone();
    let filter = Filter { state, kind, user_id, after };
    let limit = limit.max(1);
    let one_more = i64::try_from(limit).unwrap_or(i64::MAX).saturating_add(1);
    let mut jobs = jobs::list(&mut read, &filter, one_more).await?;
    let has_more = jobs.len() > limit;
    jobs.truncate(limit);
    let next = jobs.last().map(|last| last.id).filter(|_| has_more);
    Ok(Page { jobs, next })
}

pub async fn find(services: &Services, ctx: &Context, id: JobId) -> Result<JobRecord> {
    let mut read = services.store.read().await?;
    authority::asking(ctx, &mut read, Permission::JobsRead).await?;
    Ok(jobs::find(&mut read, id).await?.ok_or(Refusal::JobNotFound)?)
}
