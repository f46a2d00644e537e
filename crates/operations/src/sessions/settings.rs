//! What the configuration says about sessions, whatever the surface.

use std::time::Duration;

/// One for all surfaces: they share the sessions of an account.
#[derive(Clone, Copy, Debug)]
pub struct SessionSettings {
    /// Sessions with a refresh token that an account may have at a time.
    pub max_per_user: usize,
    /// Whether devices are remembered, and owners told of new ones.
    pub new_device_notice: bool,
    /// How long after a sign-in it counts as a proof for what asks for one.
    pub fresh_for: Duration,
}

impl Default for SessionSettings {
    fn default() -> Self {
        Self { max_per_user: 20, new_device_notice: true, fresh_for: Duration::from_mins(15) }
    }
}
