//! Wakes whoever waits for the log in this process.

use tokio::sync::Notify;
use tokio::sync::futures::Notified;

/// Rung when a transaction of this process has written to the log, and when it was numbered.
#[derive(Default)]
pub(crate) struct Bell {
    written: Notify,
    numbered: Notify,
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
        self.numbered.notify_waiters();
    }

    /// While this is waited for.
    pub(crate) fn numbered(&self) -> Notified<'_> {
        self.numbered.notified()
    }
}
