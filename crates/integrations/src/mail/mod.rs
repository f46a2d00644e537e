//! Ways out for mail.

mod compose;
mod folder;
mod smtp;
mod webhook;

pub use compose::Sender;
pub use folder::FolderMailer;
pub use smtp::{SmtpMailer, SmtpSettings, SmtpSettingsError, SmtpTarget, TargetError};
pub use webhook::{SecretError, WebhookMailer, WebhookSecrets};
