//! Whether the process is about to stop.

use std::sync::Arc;

use tokio::sync::watch;

/// Set while the process stops: load balancers then send their requests elsewhere, and whoever
/// waits for something is answered.
#[derive(Clone, Default)]
pub struct Draining(Arc<watch::Sender<bool>>);

impl Draining {
    pub fn begin(&self) {
        self.0.send_replace(true);
    }

    pub(crate) fn has_begun(&self) -> bool {
        *self.0.borrow()
    }

    /// Resolves when it begins.
    pub(crate) async fn begun(&self) {
        // Fails only when every sender is gone, and this is one.
        drop(self.0.subscribe().wait_for(|begun| *begun).await);
    }
}
