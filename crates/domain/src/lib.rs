//! What things are: values and rules.
//!
//! Pure on purpose: no I/O, no async, no serialisation, no clock and no randomness. Time and
//! chance arrive as arguments. Everything above this crate speaks its words.

pub mod actor;
pub mod attempts;
pub mod characters;
pub mod confirmation;
pub mod deletion;
pub mod device;
pub mod email;
pub mod event;
pub mod failure_ratio;
pub mod flow;
pub mod identifier;
pub mod ids;
pub mod limit;
pub mod mail_pages;
pub mod password;
pub mod phone;
pub mod policy;
pub mod refusal;
pub mod role;
pub mod rule;
pub mod search;
pub mod service_account;
pub mod session;
pub mod text;
pub mod time;
pub mod token;
pub mod user;
pub mod username;

pub use actor::Actor;
pub use characters::CharacterClass;
pub use deletion::Deletion;
pub use email::Email;
pub use event::Event;
pub use identifier::{Identifier, IdentifierKind};
pub use ids::{CallId, EventId, JobId, KeyId, ServiceAccountId, SessionId, SourceId, UserId};
pub use mail_pages::MailPages;
pub use password::Password;
pub use phone::Phone;
pub use policy::{AccountPolicy, Surface};
pub use refusal::{Refusal, Taken, TokenDefect};
pub use role::{Permission, Role, RoleName};
pub use rule::{Field, FieldError, Rule};
pub use search::{Fragment, Prefix};
pub use service_account::ServiceAccount;
pub use session::Session;
pub use time::Timestamp;
pub use user::{Profile, Status, StatusKind, User};
pub use username::Username;
