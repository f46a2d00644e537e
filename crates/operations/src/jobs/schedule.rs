//! What happens again and again: one promise each time, whichever instance makes it.

use std::fmt;
use std::str::FromStr;

use domain::Timestamp;
use storage::schedules::{self, Schedule};
use storage::{Tx, jobs};

use super::job::{Job, promise};
use crate::context::Context;
use crate::error::Result;
use crate::services::Services;

/// When something happens again and again, as `cron` writes it: minute, hour, day, month, weekday,
/// in UTC.
#[derive(Clone, Debug)]
pub struct Cron(croner::Cron);

/// Not as `cron` writes it, or never.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct InvalidCron(String);

/// When what happens again and again happens.
#[derive(Clone, Debug)]
pub struct Schedules {
    /// Forget what is over.
    pub sweep: Cron,
    /// Look whether it is time for the next key, and make it.
    pub check_keys: Cron,
}

/// What happens again and again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Recurring {
    Sweep,
    CheckKeys,
}

impl Recurring {
    const ALL: [Self; 2] = [Self::Sweep, Self::CheckKeys];

    /// The kind of its jobs.
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Sweep => "sweep",
            Self::CheckKeys => "check_keys",
        }
    }
}

/// The key of the one run at this time.
pub(super) fn run_key(what: Recurring, at: Timestamp) -> String {
    format!("{}:{}", what.as_str(), at.as_micros())
}

/// Promises the next run of each, unless some instance did. What nobody was there for is made up
/// for once.
pub async fn schedule(services: &Services, schedules: &Schedules) -> Result<()> {
    let mut outcome = Ok(());
    for what in Recurring::ALL {
        outcome = outcome.and(promise_next(services, what, schedules.of(what)).await);
    }
    outcome
}

async fn promise_next(services: &Services, what: Recurring, cron: &Cron) -> Result<()> {
    let ctx = &services.system();
    let last = schedules::find(&mut services.store.read().await?, what.as_str()).await?;
    if last.as_ref().is_some_and(|last| last.cron == cron.as_str() && last.due_at > ctx.now) {
        return Ok(());
    }
    let Some(due_at) = cron.after(ctx.now) else { return Ok(()) };
    let next = Schedule { cron: cron.as_str().to_owned(), due_at };
    transact!(services, |tx| {
        if advance(tx, what, last.as_ref(), &next).await? {
            if let Some(last) = &last {
                call_off(ctx, tx, what, last).await?;
            }
            // Somebody may have set this very run aside: then it is not to be.
            if !jobs::is_promised(tx, &run_key(what, due_at)).await? {
                promise(services, ctx, tx, Job::Recurring { what, at: due_at }, due_at).await?;
            }
        }
    })
}

/// False when another instance was first.
async fn advance(
    tx: &mut Tx,
    what: Recurring,
    last: Option<&Schedule>,
    next: &Schedule,
) -> Result<bool> {
    Ok(match last {
        Some(last) => schedules::advance(tx, what.as_str(), last, next).await?,
        None => schedules::insert(tx, what.as_str(), next).await?,
    })
}

/// The run that another rhythm had promised, and whose time has not come.
async fn call_off(ctx: &Context, tx: &mut Tx, what: Recurring, last: &Schedule) -> Result<()> {
    if last.due_at > ctx.now {
        jobs::cancel(tx, &run_key(what, last.due_at)).await?;
    }
    Ok(())
}

impl Schedules {
    const fn of(&self, what: Recurring) -> &Cron {
        match what {
            Recurring::Sweep => &self.sweep,
            Recurring::CheckKeys => &self.check_keys,
        }
    }
}

/// Every hour.
impl Default for Schedules {
    fn default() -> Self {
        let hourly = || Cron::from_str("0 * * * *").unwrap_or_else(|_| unreachable!("it is good"));
        Self { sweep: hourly(), check_keys: hourly() }
    }
}

impl Cron {
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// None when never again.
    fn after(&self, now: Timestamp) -> Option<Timestamp> {
        let next = self.0.find_next_occurrence(&now.calendar(), false).ok()?;
        Some(Timestamp::from_micros(next.timestamp_micros()))
    }
}

impl FromStr for Cron {
    type Err = InvalidCron;

    fn from_str(text: &str) -> Result<Self, InvalidCron> {
        let cron = croner::Cron::from_str(text).map_err(|error| InvalidCron(error.to_string()))?;
        let cron = Self(cron);
        match cron.after(Timestamp::from_seconds(0)) {
            Some(_) => Ok(cron),
            None => Err(InvalidCron("that never comes".to_owned())),
        }
    }
}

impl fmt::Display for Cron {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.as_str())
    }
}
