//! `[sessions]`: what holds for the sessions of an account, whatever the surface.

use std::time::Duration;

use operations::sessions::SessionSettings;

use super::reader::Reader;

#[derive(Clone, Debug)]
pub struct Sessions {
    /// With a refresh token; one more ends the oldest.
    pub max_per_user: usize,
    pub new_device_notice: bool,
    pub fresh_for: Duration,
}

impl Sessions {
    pub(super) fn read(reader: &mut Reader) -> Self {
        Self {
            max_per_user: reader.integer("sessions.max_per_user", 1..=1000),
            new_device_notice: reader.boolean("sessions.new_device_notice"),
            fresh_for: reader
                .duration("sessions.fresh_for", Duration::from_mins(1)..=Duration::from_hours(24)),
        }
    }

    pub fn settings(&self) -> SessionSettings {
        let Self { max_per_user, new_device_notice, fresh_for } = *self;
        SessionSettings { max_per_user, new_device_notice, fresh_for }
    }
}
