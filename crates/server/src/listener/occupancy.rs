//! How many connections are open, for `/metrics`.

use crate::measures;

/// Counts a connection as long as it lives.
pub(super) struct Occupied(());

impl Occupied {
    pub(super) fn begin() -> Self {
        metrics::gauge!(measures::HTTP_CONNECTIONS).increment(1.0);
        Self(())
    }
}

impl Drop for Occupied {
    fn drop(&mut self) {
        metrics::gauge!(measures::HTTP_CONNECTIONS).decrement(1.0);
    }
}

#[expect(clippy::cast_precision_loss, reason = "nobody has so many connections")]
pub(super) fn tell_capacity(connections: usize) {
    metrics::gauge!(measures::HTTP_CONNECTIONS_MAX).set(connections as f64);
    metrics::counter!(measures::HTTP_CONNECTIONS_REFUSED).increment(0);
}

/// Its address holds too many.
pub(super) fn count_refused() {
    metrics::counter!(measures::HTTP_CONNECTIONS_REFUSED).increment(1);
}
