//! The order of what one process writes down in the same millisecond.

use std::sync::atomic::{AtomicU16, Ordering};

use crate::ports::Entropy;

/// The twelve bits after the millisecond of a `UUIDv7` count (RFC 9562 §6.2, method 1), so that the
/// events of one operation, which have one time, are read in the order in which they were written.
#[derive(Default)]
pub(crate) struct Order(AtomicU16);

impl Order {
    /// The bytes of an id: the counter, then chance.
    pub(crate) fn next(&self, entropy: &dyn Entropy) -> [u8; 10] {
        let mut bytes = entropy.bytes::<10>();
        let [high, low] = (self.0.fetch_add(1, Ordering::Relaxed) & 0x0fff).to_be_bytes();
        (bytes[0], bytes[1]) = (high, low);
        bytes
    }
}
