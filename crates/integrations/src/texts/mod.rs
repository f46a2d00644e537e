//! Ways out for text messages.

mod folder;
mod gateway;
mod log;
mod repeated;
mod template;
mod twilio;

pub use folder::FolderTexter;
pub use gateway::{GatewayProblem, GatewaySettings, GatewayTexter};
pub use log::LogTexter;
pub use template::{Escape, Template};
pub use twilio::{TwilioSender, TwilioSettings, TwilioTexter};
