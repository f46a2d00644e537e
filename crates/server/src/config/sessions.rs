//! `[sessions]`: what holds for the sessions of an account, whatever the surface.

use operations::sessions::SessionSettings;

use super::reader::Reader;

#[derive(Clone, Debug)]
pub struct Sessions {
    /// With a refresh token; one more ends the oldest.
    pub max_per_user: usize,
}

impl Sessions {
    pub(super) fn read(reader: &mut Reader) -> Self {
        Self { max_per_user: reader.integer("sessions.max_per_user", 1..=1000) }
    }

    pub fn settings(&self) -> SessionSettings {
        SessionSettings { max_per_user: self.max_per_user }
    }
}
