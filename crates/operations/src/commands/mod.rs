//! Commands of other services, that come by a queue: signed by their source, done exactly once, set
//! aside with the reason when they cannot be done (docs/decisions/0039).

mod apply;
mod carry_out;
mod command;
mod consume;
mod dead_letter;
mod envelope;
mod inbox;
mod order;
mod schema;
mod source;
mod verify;

use std::time::Duration;

pub use carry_out::{Dealt, Outcome, carry_out};
pub use command::{Command, CommandKind};
pub use consume::consume;
pub use dead_letter::{DeadLetter, Defect};
pub use envelope::LONGEST_NAME;
pub use order::{BadOrder, parse};
pub use schema::{schema, schemas};
pub use source::{LeastKeyBytes, Source, SourceKey, Sources};
pub use verify::{MOST_BYTES, SIGNATURE};

/// Whose commands are done, and how old they may be.
#[derive(Clone, Debug)]
pub struct CommandSettings {
    pub sources: Sources,
    /// What is older is not done: so long, and not for ever, it has to be known what was done.
    pub max_age: Duration,
}
