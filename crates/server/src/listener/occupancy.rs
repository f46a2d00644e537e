//! How many connections are open, for `/metrics`.

const OPEN: &str = "vestibule_http_connections";
const REFUSED: &str = "vestibule_http_connections_refused_total";

/// Counts a connection as long as it lives.
pub(super) struct Occupied(());

impl Occupied {
    pub(super) fn begin() -> Self {
        metrics::gauge!(OPEN).increment(1.0);
        Self(())
    }
}

impl Drop for Occupied {
    fn drop(&mut self) {
        metrics::gauge!(OPEN).decrement(1.0);
    }
}

#[expect(clippy::cast_precision_loss, reason = "nobody has so many connections")]
pub(super) fn tell_capacity(connections: usize) {
    metrics::gauge!("vestibule_http_connections_max").set(connections as f64);
    metrics::counter!(REFUSED).increment(0);
}

/// Its address holds too many.
pub(super) fn count_refused() {
    metrics::counter!(REFUSED).increment(1);
}
