//! Work that must not be lost: promised in the transaction of an operation, done by a worker.

mod carry_out;
mod deliver_mail;
mod deliver_text;
mod failure;
mod job;
mod run;
mod sweep;
mod worker;

pub(crate) use job::{Job, promise, promise_mail, purge_key};
pub use run::run_due;
pub use sweep::schedule_sweep;
pub use worker::{WorkerSettings, work};
