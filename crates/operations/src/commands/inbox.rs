//! What was dealt with already: a row in the transaction that deals with it.

use aws_lc_rs::digest::{Context as Digest, SHA256, digest};
use domain::Timestamp;
use storage::command_inbox::{self, Done, NewCommand};
use storage::{Read, Tx};

use super::carry_out::Outcome;
use super::command::CommandKind;
use super::dead_letter::{DeadLetter, Defect};
use crate::error::Result;

pub(super) const APPLIED: &str = "applied";
pub(super) const UNCHANGED: &str = "unchanged";

/// One message of a source.
pub(super) struct Entry {
    digest: Vec<u8>,
    body_digest: Vec<u8>,
    source: String,
    message_id: String,
}

impl Entry {
    pub(super) fn new(source: &str, message_id: &str, value: &[u8]) -> Self {
        let mut both = Digest::new(&SHA256);
        both.update(source.as_bytes());
        // Neither a source nor an id holds it.
        both.update(b"\0");
        both.update(message_id.as_bytes());
        Self {
            digest: both.finish().as_ref().to_vec(),
            body_digest: digest(&SHA256, value).as_ref().to_vec(),
            source: source.to_owned(),
            message_id: message_id.to_owned(),
        }
    }

    /// What to say of a message that was dealt with: nothing when this is no news.
    pub(super) async fn repeated(&self, read: &mut Read) -> Result<Option<Outcome>> {
        let done = command_inbox::find(read, &self.digest).await?;
        Ok(done.map(|Done { body_digest, outcome }| {
            if body_digest != self.body_digest {
                let what = "another message of the source had this id";
                Outcome::SetAside(Defect::IdReused.because(what))
            } else if outcome == APPLIED || outcome == UNCHANGED {
                Outcome::Repeated
            } else {
                // It may be that nobody heard of it, because we died first.
                Outcome::SetAside(DeadLetter::again(outcome))
            }
        }))
    }

    /// First in its transaction: a rival with the same message then waits here.
    pub(super) async fn claim(
        &self,
        tx: &mut Tx,
        kind: CommandKind,
        outcome: &str,
        now: Timestamp,
    ) -> Result<()> {
        let new = NewCommand {
            digest: &self.digest,
            source: &self.source,
            message_id: &self.message_id,
            command: kind.as_str(),
            body_digest: &self.body_digest,
            outcome,
            now,
        };
        Ok(command_inbox::insert(tx, &new).await?)
    }

    pub(super) async fn changed_nothing(&self, tx: &mut Tx) -> Result<()> {
        Ok(command_inbox::set_outcome(tx, &self.digest, UNCHANGED).await?)
    }
}
