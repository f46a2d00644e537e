//! What the configuration says about sessions, whatever the surface.

/// One for all surfaces: they share the sessions of an account.
#[derive(Clone, Copy, Debug)]
pub struct SessionSettings {
    /// Sessions with a refresh token that an account may have at a time.
    pub max_per_user: usize,
    /// Whether devices are remembered, and owners told of new ones.
    pub new_device_notice: bool,
}

impl Default for SessionSettings {
    fn default() -> Self {
        Self { max_per_user: 20, new_device_notice: true }
    }
}
