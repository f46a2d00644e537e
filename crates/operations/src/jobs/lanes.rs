//! Wakes the workers of this process, each lane its own, as soon as there is something to do.

use std::sync::Arc;

use domain::UserId;
use storage::Watcher;
use storage::jobs::Lane;
use tokio::sync::Notify;
use tokio::sync::futures::Notified;

use crate::cache::Cache;
use crate::events::Bell;

#[derive(Default)]
pub(crate) struct Lanes {
    mail: Notify,
    text: Notify,
    work: Notify,
}

impl Lanes {
    const fn of(&self, lane: Lane) -> &Notify {
        match lane {
            Lane::Mail => &self.mail,
            Lane::Text => &self.text,
            Lane::Work => &self.work,
        }
    }

    /// Something was promised to the lane: since, or while nobody waited.
    pub(super) fn promised(&self, lane: Lane) -> Notified<'_> {
        self.of(lane).notified()
    }
}

/// What this process does about the transactions of its own.
pub(crate) struct Aftermath {
    pub(crate) cache: Arc<Cache>,
    pub(crate) lanes: Arc<Lanes>,
    pub(crate) bell: Arc<Bell>,
}

impl Watcher for Aftermath {
    fn changed(&self, users: &[UserId]) {
        self.cache.changed(users);
        self.bell.ring_written();
    }

    fn all_changed(&self) {
        self.cache.all_changed();
    }

    fn promised(&self, lane: Lane) {
        self.lanes.of(lane).notify_one();
    }
}
