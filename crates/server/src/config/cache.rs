//! `[cache]`: what a process remembers of sessions.

use operations::cache::{CacheSettings, WhenDatabaseIsDown};

use super::reader::Reader;

const MIB: u64 = 1024 * 1024;

#[derive(Clone, Copy, Debug)]
pub struct Cache {
    pub max_bytes: u64,
    pub when_database_is_down: WhenDatabaseIsDown,
}

impl Cache {
    pub(super) fn read(reader: &mut Reader) -> Self {
        let choices =
            [("refuse", WhenDatabaseIsDown::Refuse), ("relaxed", WhenDatabaseIsDown::Relaxed)];
        let max_mib: u64 = reader.integer("cache.max_mib", 0..=65_536);
        Self {
            max_bytes: max_mib * MIB,
            when_database_is_down: reader.choice("cache.when_database_is_down", &choices),
        }
    }
}

impl From<Cache> for CacheSettings {
    fn from(cache: Cache) -> Self {
        let Cache { max_bytes, when_database_is_down } = cache;
        Self { max_bytes, when_database_is_down }
    }
}
