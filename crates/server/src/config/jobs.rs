//! `[jobs]`: the worker that sends mail, erases accounts and tidies up.

use std::time::Duration;

use super::reader::Reader;

#[derive(Clone, Debug)]
pub struct Jobs {
    /// Whether `serve` runs a worker inside.
    pub worker: bool,
    pub poll_interval: Duration,
    /// Jobs at a time.
    pub concurrency: usize,
}

impl Jobs {
    pub(super) fn read(reader: &mut Reader) -> Self {
        let interval = Duration::from_millis(10)..=Duration::from_mins(1);
        Self {
            worker: reader.boolean("jobs.worker"),
            poll_interval: reader.duration("jobs.poll_interval", interval),
            concurrency: reader.integer("jobs.concurrency", 1..=256),
        }
    }
}
