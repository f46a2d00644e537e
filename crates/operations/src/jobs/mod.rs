//! Work that must not be lost: promised in the transaction of an operation, done by a worker.

mod carry_out;
mod deliver;
mod envelope;
mod failure;
mod job;
mod lanes;
mod look;
mod observe;
mod outage;
mod park;
mod retry;
mod run;
mod schedule;
mod settle;
mod sweep;
mod worker;

pub(crate) use envelope::Envelope;
pub(crate) use job::{Job, promise, promise_mail, purge_key};
pub(crate) use lanes::{Aftermath, Lanes};
pub use look::{Page, Question, find, list};
pub(crate) use observe::observe;
pub use park::park;
pub use retry::retry;
pub use run::run_due;
pub use schedule::{Cron, InvalidCron, Schedules, schedule};
pub use storage::jobs::{JobRecord, State};
pub use worker::{LAST_WORDS, WorkerSettings, work};
