//! How much is remembered, for `/metrics`.

use super::Cache;
use crate::measures;

/// By one of the caches, about: what was just put in or thrown out may not be counted yet.
pub(super) struct Held {
    pub(super) entries: u64,
    pub(super) bytes: u64,
}

impl Cache {
    #[expect(clippy::cast_precision_loss, reason = "nobody remembers so much")]
    pub(crate) fn tell(&self) {
        for (cache, held) in [("sessions", self.standings.held()), ("tokens", self.tokens.held())] {
            metrics::gauge!(measures::CACHE_ENTRIES, "cache" => cache).set(held.entries as f64);
            metrics::gauge!(measures::CACHE_BYTES, "cache" => cache).set(held.bytes as f64);
        }
        let is_trusted = f64::from(u8::from(self.is_trusted()));
        metrics::gauge!(measures::CACHE_TRUSTED).set(is_trusted);
    }
}
