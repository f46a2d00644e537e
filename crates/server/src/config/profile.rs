//! What kind of deployment this is.

use super::reader::Reader;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Profile {
    /// Convenient: makes its own keys, shows the mailbox, listens on this machine only.
    Development,
    /// Refuses everything that is only safe on a developer's machine (CFG-03).
    Production,
}

impl Profile {
    pub(super) fn read(reader: &mut Reader) -> Self {
        let choices = [("development", Self::Development), ("production", Self::Production)];
        reader.choice("profile", &choices)
    }
}
