//! What the inner layers find out about a request, for the outermost one that counts it: it cannot be read
//! off the answer, for whoever is refused first is told nothing of methods.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use http::Extensions;

/// Goes along in the extensions of a request.
#[derive(Clone, Default)]
pub(crate) struct Learned(Arc<Facts>);

#[derive(Default)]
struct Facts {
    surface: OnceLock<&'static str>,
    is_unrouted: AtomicBool,
}

impl Learned {
    /// Who answers it.
    pub(crate) fn surface(of: &Extensions, surface: &'static str) {
        if let Some(learned) = of.get::<Self>() {
            // Said twice it is the same: one surface wraps a path.
            let _ = learned.0.surface.set(surface);
        }
    }

    /// The path is not routed for its method.
    pub(crate) fn unrouted(of: &Extensions) {
        if let Some(learned) = of.get::<Self>() {
            learned.0.is_unrouted.store(true, Ordering::Relaxed);
        }
    }

    pub(super) fn answered_by(&self) -> Option<&'static str> {
        self.0.surface.get().copied()
    }

    pub(super) fn is_unrouted(&self) -> bool {
        self.0.is_unrouted.load(Ordering::Relaxed)
    }
}
