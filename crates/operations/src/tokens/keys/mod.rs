//! The life of keys while the service runs: listed, replaced, retired, read again.

mod due;
mod keep;
mod learn;
mod list;
mod observe;
mod retire;
mod rotate;

pub(crate) use due::{due_at, rotate_when_due};
pub use keep::{keep_keys, reload_keys};
pub(crate) use learn::learn_key;
pub use list::{KeyInfo, KeyState, list_keys};
pub(crate) use observe::observe_keys;
pub use retire::retire_key;
pub use rotate::{Begin, rotate_keys};

use crate::services::Services;
use crate::tokens::keyring::Source;

/// What the keys of this deployment are read from and made of.
fn source(services: &Services) -> Source<'_> {
    Source {
        store: &services.store,
        vault: &services.vault,
        entropy: &*services.entropy,
        settings: &services.keys.settings,
        signs: true,
        longest_life: services.keys.longest_life,
        now: services.clock.now(),
    }
}
