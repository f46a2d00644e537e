//! Wakes whoever waits for the log in this process.

use std::sync::atomic::{AtomicU64, Ordering};

use tokio::sync::Notify;
use tokio::sync::futures::Notified;

/// Rung when a transaction of this process has written to the log, and when it was numbered.
#[derive(Default)]
pub(crate) struct Bell {
    written: Notify,
    numbered: Notify,
    /// How often something was numbered here.
    times: AtomicU64,
}

impl Bell {
    pub(crate) fn ring_written(&self) {
        self.written.notify_one();
    }

    /// Since, or while nobody waited.
    pub(super) fn written(&self) -> Notified<'_> {
        self.written.notified()
    }

    pub(super) fn ring_numbered(&self) {
        self.times.fetch_add(1, Ordering::Release);
        self.numbered.notify_waiters();
    }

    pub(super) fn times_numbered(&self) -> u64 {
        self.times.load(Ordering::Acquire)
    }

    /// While this is waited for.
    pub(crate) fn numbered(&self) -> Notified<'_> {
        self.numbered.notified()
    }
}
