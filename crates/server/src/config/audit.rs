//! `[audit]`: what is known of who did what.

use std::time::Duration;

use super::reader::Reader;

const DAY: Duration = Duration::from_hours(24);

#[derive(Clone, Copy, Debug)]
pub struct Audit {
    pub keep_calls: Duration,
}

impl Audit {
    pub(super) fn read(reader: &mut Reader) -> Self {
        let bounds = DAY * 30..=DAY * 3660;
        Self { keep_calls: reader.duration("audit.keep_calls", bounds) }
    }
}
