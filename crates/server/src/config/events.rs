//! `[events]`: who numbers and relays the log.

use std::time::Duration;

use super::reader::Reader;

const DAY: Duration = Duration::from_hours(24);

#[derive(Clone, Copy, Debug)]
pub struct Events {
    /// How long whoever relays may be silent before another instance does.
    pub lease: Duration,
    /// How long events are kept; for good without it.
    pub keep: Option<Duration>,
}

impl Events {
    pub(super) fn read(reader: &mut Reader, restoration_window: Duration) -> Self {
        let range = Duration::from_secs(1)..=Duration::from_mins(5);
        let lease = reader.duration("events.lease", range);
        let keep = reader.optional_duration("events.keep", DAY * 90..=DAY * 3660);
        // Whoever erases an account looks up who deleted it.
        if keep.is_some_and(|keep| keep < restoration_window + DAY * 7) {
            reader.refuse(
                "events.keep",
                "is shorter than accounts.restoration_window and seven days: who deleted an account \
                 has to be known when it is erased",
            );
        }
        Self { lease, keep }
    }
}
