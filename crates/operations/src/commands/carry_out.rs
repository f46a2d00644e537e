//! One message, from its signature to what came of it.

use std::time::Duration;

use domain::Timestamp;

use super::CommandSettings;
use super::apply::apply;
use super::command::{Command, CommandKind};
use super::dead_letter::{DeadLetter, Defect};
use super::envelope::open;
use super::inbox::Entry;
use super::order::{BadOrder, Order, order};
use super::source::Source;
use super::verify::verify;
use crate::error::Result;
use crate::ports::QueuedMessage;
use crate::services::Services;

/// Clocks differ; nobody's is so far ahead.
const AHEAD: Duration = Duration::from_mins(5);

/// What came of a message, and of whose.
#[derive(Debug)]
pub struct Dealt {
    /// When it is known whose it is.
    pub source: Option<String>,
    pub command: Option<CommandKind>,
    pub outcome: Outcome,
}

#[derive(Debug, PartialEq, Eq)]
pub enum Outcome {
    Applied,
    /// It was so already.
    Unchanged,
    /// This very message was dealt with before.
    Repeated,
    SetAside(DeadLetter),
}

/// Does what a message asks for, once however often it comes. Fails only for our reasons: then nothing
/// was done, and the same may succeed later.
pub async fn carry_out(
    services: &Services,
    settings: &CommandSettings,
    message: &QueuedMessage,
) -> Result<Dealt> {
    let (source, value) = match verify(&settings.sources, message) {
        Ok(verified) => verified,
        Err(letter) => return Ok(Dealt::nobodys(letter)),
    };
    let mut dealt =
        Dealt { source: Some(source.name.clone()), command: None, outcome: Outcome::Repeated };
    let envelope = match open(value) {
        Ok(envelope) => envelope,
        Err(what) => {
            dealt.outcome = Outcome::SetAside(Defect::Schema.because(what));
            return Ok(dealt);
        }
    };
    dealt.command = CommandKind::of_type(&envelope.kind);
    let entry = Entry::new(&source.name, &envelope.id, value);
    // Before its age: it may have been done just before it became too old.
    if let Some(outcome) = entry.repeated(&mut services.store.read().await?).await? {
        dealt.outcome = outcome;
        return Ok(dealt);
    }
    let now = services.clock.now();
    let judged = order(&envelope).map_err(DeadLetter::from);
    let judged = judged.and_then(|order| judge(source, settings, order, now));
    dealt.outcome = match judged {
        Ok(order) => apply(services, source, &entry, &envelope.id, &order).await?,
        Err(letter) => Outcome::SetAside(letter),
    };
    Ok(dealt)
}

/// Whether this source may ask for it, now.
fn judge(
    source: &Source,
    settings: &CommandSettings,
    order: Order,
    now: Timestamp,
) -> Result<Order, DeadLetter> {
    if order.time + settings.max_age < now {
        return Err(Defect::TooOld.because("time is longer ago than kafka.commands_max_age"));
    }
    if order.time > now + AHEAD {
        return Err(Defect::InFuture.because("time is more than 5 minutes ahead"));
    }
    let kind = order.command.kind();
    if !source.commands.contains(&kind) {
        let what = format!("{} is none of the source's commands", kind.as_str());
        return Err(Defect::CommandNotAllowed.because(what));
    }
    match &order.command {
        Command::GrantRole(role) if !source.roles.contains(role) => {
            let what = format!("{role} is none of the roles that the source may grant");
            Err(Defect::RoleNotAllowed.because(what))
        }
        Command::GrantRole(_)
        | Command::Block(_)
        | Command::Unblock
        | Command::Delete
        | Command::UpdateProfile(_) => Ok(order),
    }
}

impl Dealt {
    fn nobodys(letter: DeadLetter) -> Self {
        Self { source: None, command: None, outcome: Outcome::SetAside(letter) }
    }
}

impl From<BadOrder> for DeadLetter {
    fn from(bad: BadOrder) -> Self {
        match bad {
            BadOrder::UnknownType(_) => Defect::UnknownType.because("type is no command of ours"),
            BadOrder::Schema(what) => Defect::Schema.because(what),
        }
    }
}
