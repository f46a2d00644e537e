//! Ways out for mail.

mod compose;
mod folder;
mod smtp;

pub use compose::Sender;
pub use folder::FolderMailer;
pub use smtp::{SmtpMailer, SmtpSettings, SmtpSettingsError, SmtpTarget, TargetError};
