//! `[events]`: who numbers and relays the log.

use std::time::Duration;

use super::reader::Reader;

#[derive(Clone, Copy, Debug)]
pub struct Events {
    /// How long whoever relays may be silent before another instance does.
    pub lease: Duration,
}

impl Events {
    pub(super) fn read(reader: &mut Reader) -> Self {
        let range = Duration::from_secs(1)..=Duration::from_mins(5);
        Self { lease: reader.duration("events.lease", range) }
    }
}
