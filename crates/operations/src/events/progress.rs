//! How far a stream is: what was sent is marked, not after each event but soon. Whoever is killed between
//! sends some once more, with the same ids.

use std::time::Duration;

use storage::event_cursors::{self, Cursor, Refused};
use storage::event_dead_letters::{self, DeadLetter};
use storage::event_leader::{self, Epoch};
use storage::event_log;
use tokio::time::Instant;

use super::present;
use super::send::send;
use super::sink::{Contents, Sink, SinkKind};
use super::trouble::Trouble;
use crate::error::{Error, Result};
use crate::measures;
use crate::services::Services;

/// What was sent is marked when it is so many events, or the first of them is so old.
const MARKED_TOGETHER: usize = 100;
pub(super) const LONGEST_UNMARKED: Duration = Duration::from_secs(1);

pub(super) struct Progress {
    /// As the database has it.
    cursor: Cursor,
    /// Everything up to it was taken or refused for good.
    position: i64,
    /// Of what is not marked yet.
    dead: Vec<DeadLetter>,
    taken: usize,
    since: Option<Instant>,
    flows: bool,
}

impl Progress {
    /// A new topic begins with the first event that is kept, one of states with every account where that is
    /// not the first there was. Whoever was deleted meanwhile is told nothing.
    pub(super) async fn begin(
        services: &Services,
        epoch: Epoch,
        sink: &Sink,
    ) -> Result<Self, Trouble> {
        let now = services.clock.now();
        let cursor: Result<Option<Cursor>> = transact!(services, |tx| {
            let found = event_cursors::find(tx, &sink.name).await?;
            if found.is_some() || sink.kind != SinkKind::Topic {
                found
            } else {
                event_leader::hold(tx, epoch).await?;
                event_cursors::insert(tx, &sink.name, 0, now).await?;
                event_cursors::find(tx, &sink.name).await?
            }
        });
        let cursor = cursor?.ok_or(Trouble::Succeeded)?;
        let position = cursor.position;
        let mut progress =
            Self { cursor, position, dead: Vec::new(), taken: 0, since: None, flows: false };
        if sink.contents == Contents::State {
            let mut read = services.store.read().await.map_err(Error::from)?;
            let forgotten = present::forgotten_until(&mut read).await?;
            drop(read);
            progress.pass_forgotten(services, epoch, sink, forgotten).await?;
        }
        Ok(progress)
    }

    /// What is not kept any more cannot be told. Of the accounts that it was about a topic of states is told
    /// all the same.
    async fn pass_forgotten(
        &mut self,
        services: &Services,
        epoch: Epoch,
        sink: &Sink,
        until: i64,
    ) -> Result<()> {
        if sink.contents != Contents::State || until <= self.position {
            return Ok(());
        }
        self.mark(services, epoch, sink).await?;
        let (last, now) = (self.cursor.position, services.clock.now());
        let passed: Result<()> = transact!(services, |tx| {
            event_cursors::advance(tx, epoch, &sink.name, last, until, now).await?;
            present::ask(services, tx, &sink.name, None, now).await?;
        });
        passed?;
        (self.cursor.position, self.position) = (until, until);
        Ok(())
    }

    /// Which event was refused before.
    pub(super) const fn refused(&self) -> Option<Refused> {
        self.cursor.refused
    }

    /// Whether something was taken, or there was nothing to take.
    pub(super) const fn flows(&self) -> bool {
        self.flows
    }

    /// Sends the next events, as many as are read together; answers how many there were.
    pub(super) async fn carry_some(
        &mut self,
        services: &Services,
        epoch: Epoch,
        sink: &Sink,
    ) -> Result<usize, Trouble> {
        let mut read = services.store.read().await.map_err(Error::from)?;
        let limit = i64::try_from(sink.piece).unwrap_or(i64::MAX);
        let logged = event_log::after(&mut read, self.position, i64::MAX, limit).await;
        let logged = logged.map_err(Error::from)?;
        drop(read);
        if let Some(first) = logged.first() {
            // Whoever forgot them did not know yet that the topic is there.
            self.pass_forgotten(services, epoch, sink, first.position - 1).await?;
        }
        let (count, last) = (logged.len(), logged.last().map(|logged| logged.position));
        let wanted: Vec<_> = logged.into_iter().filter(|logged| sink.wants(logged)).collect();
        let mut rest = &wanted[..];
        while !rest.is_empty() {
            let batch = &rest[..rest.len().min(sink.batch)];
            let sent = send(services, sink, self.refused(), batch).await?;
            let (settled, others) = rest.split_at(sent.settled);
            if let Some(last) = settled.last() {
                self.pass(last.position, settled.len() - sent.dead.len(), sent.dead);
            }
            if let Some(trouble) = sent.trouble {
                return Err(trouble);
            }
            rest = others;
            if self.is_due() {
                self.mark(services, epoch, sink).await?;
            }
        }
        if let Some(last) = last {
            self.pass(last, 0, Vec::new());
        }
        if count < sink.piece || self.is_due() {
            self.mark(services, epoch, sink).await?;
        }
        Ok(count)
    }

    fn pass(&mut self, position: i64, taken: usize, dead: Vec<DeadLetter>) {
        self.position = position;
        self.taken += taken;
        self.flows |= taken > 0;
        self.dead.extend(dead);
        self.since.get_or_insert_with(Instant::now);
    }

    fn is_due(&self) -> bool {
        let is_old = self.since.is_some_and(|since| since.elapsed() >= LONGEST_UNMARKED);
        is_old || self.taken >= MARKED_TOGETHER || !self.dead.is_empty()
    }

    /// Moves the cursor to where the stream is, and parks what was refused, together.
    pub(super) async fn mark(
        &mut self,
        services: &Services,
        epoch: Epoch,
        sink: &Sink,
    ) -> Result<()> {
        let (last, next) = (self.cursor.position, self.position);
        if next == last {
            return Ok(());
        }
        let now = services.clock.now();
        let recovers = self.taken > 0 && self.cursor.failing.is_some();
        let passes = |refused: Refused| refused.position > last && refused.position <= next;
        let pardons = self.cursor.refused.is_some_and(passes);
        let moved: Result<()> = transact!(services, |tx| {
            event_cursors::advance(tx, epoch, &sink.name, last, next, now).await?;
            if recovers {
                event_cursors::recover(tx, epoch, &sink.name).await?;
            }
            if pardons {
                event_cursors::pardon(tx, epoch, &sink.name).await?;
            }
            for letter in &self.dead {
                event_dead_letters::park(tx, letter).await?;
            }
        });
        moved?;
        metrics::counter!(measures::EVENTS_RELAYED, "sink" => sink.name.to_string())
            .increment(u64::try_from(self.taken).unwrap_or(0));
        self.cursor.position = next;
        self.cursor.failing = self.cursor.failing.take().filter(|_| !recovers);
        self.cursor.refused = self.cursor.refused.filter(|_| !pardons);
        self.dead.clear();
        (self.taken, self.since) = (0, None);
        Ok(())
    }

    /// It takes events, whether there are any or not.
    pub(super) async fn recover(
        &mut self,
        services: &Services,
        epoch: Epoch,
        sink: &Sink,
    ) -> Result<()> {
        self.flows = true;
        if self.cursor.failing.is_none() && self.cursor.refused.is_none() {
            return Ok(());
        }
        let recovered: Result<()> = transact!(services, |tx| {
            event_cursors::recover(tx, epoch, &sink.name).await?;
            event_cursors::pardon(tx, epoch, &sink.name).await?;
        });
        recovered?;
        (self.cursor.failing, self.cursor.refused) = (None, None);
        Ok(())
    }
}
