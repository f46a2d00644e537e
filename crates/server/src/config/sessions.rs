//! `[sessions]`: what holds for the sessions of an account, whatever the surface.

use operations::sessions::SessionSettings;

use super::reader::Reader;

#[derive(Clone, Debug)]
pub struct Sessions {
    /// With a refresh token; one more ends the oldest.
    pub max_per_user: usize,
    pub new_device_notice: bool,
}

impl Sessions {
    pub(super) fn read(reader: &mut Reader) -> Self {
        Self {
            max_per_user: reader.integer("sessions.max_per_user", 1..=1000),
            new_device_notice: reader.boolean("sessions.new_device_notice"),
        }
    }

    pub fn settings(&self) -> SessionSettings {
        let Self { max_per_user, new_device_notice } = *self;
        SessionSettings { max_per_user, new_device_notice }
    }
}
