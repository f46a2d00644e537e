//! How often something may be asked for, by address, session or principal.
//!
//! What an account endures is another matter, and kept in the database always: `passwords::attempts`.

mod admit;
mod crowd;
mod database;
mod degrading;
mod denials;
mod failures;
mod gate;
mod memory;
mod settings;
mod watch;

pub use admit::{Admitted, Shown, admit, admit_admin};
pub use database::DatabaseLimiter;
pub use degrading::Degrading;
pub(crate) use denials::Denials;
pub(crate) use failures::{AddressPlace, FailureAlarm};
pub(crate) use gate::{Gates, Inside};
pub use memory::MemoryLimiter;
pub use settings::{Limit, LimitRules, LimitSettings, LimitsMode};
pub use watch::watch_store;
