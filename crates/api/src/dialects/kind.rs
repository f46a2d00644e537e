//! What the service knows of a dialect before any request comes.

use domain::{AccountPolicy, Surface};

use super::DialectSettings;
use crate::kit::Mount;

/// One line in [`super::ALL`].
pub(crate) struct Kind {
    pub(super) surface: Surface,
    /// How it is unless configured.
    pub(super) defaults: fn() -> DialectSettings,
    /// Its rules, of which the native ones are part where it is hardened.
    pub(super) policy: fn(&DialectSettings, &AccountPolicy) -> AccountPolicy,
    pub(super) mount: fn(&DialectSettings, Sharing) -> Mount,
}

/// Whether another dialect answers below the same prefix, so that what both claim is left to
/// [`super::shared_users`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sharing {
    Alone,
    Shared,
}
