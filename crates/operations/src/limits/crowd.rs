//! Many who ask about one key at once: one of them asks for all, and the others have the answer.
//!
//! So one process has one statement for a key on its way, and a flood from one address occupies
//! one connection.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use domain::Timestamp;
use domain::limit::Verdict;
use tokio::sync::oneshot::{self, error::TryRecvError};
use tokio::sync::{Mutex as AsyncMutex, MutexGuard};

use crate::ports::{LimitKey, LimiterResult};

/// One crowd a key, as long as anybody is in it.
#[derive(Default)]
pub(super) struct Crowds(Mutex<HashMap<LimitKey, Weak<Crowd>>>);

#[derive(Default)]
pub(super) struct Crowd {
    turn: AsyncMutex<()>,
    waiting: Mutex<Vec<Waiting>>,
}

struct Waiting {
    since: Timestamp,
    answer: oneshot::Sender<LimiterResult<Verdict>>,
}

/// One's place among those who wait.
pub(super) struct Place {
    now: Timestamp,
    answer: oneshot::Receiver<LimiterResult<Verdict>>,
}

impl Crowds {
    pub(super) fn of(&self, key: &LimitKey) -> Arc<Crowd> {
        let mut crowds = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(crowd) = crowds.get(key).and_then(Weak::upgrade) {
            return crowd;
        }
        // Everybody who is gone leaves an empty place; they are cleared when there are many.
        if crowds.len() >= 1024 {
            crowds.retain(|_, crowd| crowd.strong_count() > 0);
        }
        let crowd = Arc::default();
        crowds.insert(*key, Arc::downgrade(&crowd));
        crowd
    }
}

/// What the turn of somebody has come to.
pub(super) enum Turned<'a> {
    Answered(LimiterResult<Verdict>),
    /// His to ask, for all who wait.
    Asks(Asking<'a>),
}

/// Dropped without an answer, because a client left, the others ask again.
pub(super) struct Asking<'a> {
    all: Vec<Waiting>,
    _turn: MutexGuard<'a, ()>,
}

impl Crowd {
    pub(super) fn stand(&self, now: Timestamp) -> Place {
        let (sender, answer) = oneshot::channel();
        self.waiting().push(Waiting { since: now, answer: sender });
        Place { now, answer }
    }

    /// Waits until there is an answer, or nobody asks.
    pub(super) async fn turn_of(&self, place: &mut Place) -> Turned<'_> {
        let turn = self.alone().await;
        match place.answer.try_recv() {
            Ok(answer) => return Turned::Answered(answer),
            Err(TryRecvError::Empty) => {}
            // Who asked for us has left.
            Err(TryRecvError::Closed) => *place = self.stand(place.now),
        }
        let mut all = std::mem::take(&mut *self.waiting());
        // Nothing is taken for those who left.
        all.retain(|waiting| !waiting.answer.is_closed());
        Turned::Asks(Asking { all, _turn: turn })
    }

    /// Nobody asks about the key while this is held.
    pub(super) async fn alone(&self) -> MutexGuard<'_, ()> {
        self.turn.lock().await
    }

    fn waiting(&self) -> std::sync::MutexGuard<'_, Vec<Waiting>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Asking<'_> {
    /// When each of them came.
    pub(super) fn times(&self) -> Vec<Timestamp> {
        self.all.iter().map(|waiting| waiting.since).collect()
    }

    /// A verdict for each, in their order, or the same error for all.
    pub(super) fn tell(self, outcome: LimiterResult<Vec<Verdict>>) {
        let (verdicts, error) = match outcome {
            Ok(verdicts) => (verdicts, None),
            Err(error) => (Vec::new(), Some(error)),
        };
        let answers = verdicts.into_iter().map(Ok).chain(error.into_iter().cycle().map(Err));
        for (waiting, answer) in self.all.into_iter().zip(answers) {
            // Who left meanwhile needs none.
            drop(waiting.answer.send(answer));
        }
    }
}
