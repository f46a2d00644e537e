//! A session by docs/decisions/0007: a generation, its time, and whether it is over.

use std::time::Duration;

use domain::Timestamp;

const WINDOW: Duration = Duration::from_secs(10);
const IDLE: Duration = Duration::from_hours(14 * 24);
const ABSOLUTE: Duration = Duration::from_hours(30 * 24);

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Model {
    pub(super) generation: usize,
    pub(super) rotated_at: Timestamp,
    idle_ends_at: Timestamp,
    ends_at: Timestamp,
    pub(super) is_ended: bool,
    pub(super) replays: usize,
}

/// What somebody does with the session.
#[derive(Clone, Copy, Debug)]
pub(super) enum Deed {
    /// With the token of this generation.
    Refresh(usize),
    SignOut,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// The token of this generation was handed out.
    Holds(usize),
    Refused,
    SignedOut,
}

impl Model {
    pub(super) fn opened(now: Timestamp) -> Self {
        Self {
            generation: 0,
            rotated_at: now,
            idle_ends_at: now + IDLE,
            ends_at: now + ABSOLUTE,
            is_ended: false,
            replays: 0,
        }
    }

    pub(super) fn is_live(&self, now: Timestamp) -> bool {
        !self.is_ended && now < self.idle_ends_at && now < self.ends_at
    }

    pub(super) fn carry_out(&mut self, deed: Deed, now: Timestamp) -> Outcome {
        match deed {
            Deed::SignOut => {
                self.is_ended = true;
                Outcome::SignedOut
            }
            Deed::Refresh(_) if !self.is_live(now) => Outcome::Refused,
            Deed::Refresh(generation) if generation == self.generation => {
                self.generation += 1;
                self.rotated_at = now;
                self.idle_ends_at = (now + IDLE).min(self.ends_at);
                Outcome::Holds(self.generation)
            }
            Deed::Refresh(generation)
                if generation + 1 == self.generation && now.since(self.rotated_at) <= WINDOW =>
            {
                Outcome::Holds(self.generation)
            }
            Deed::Refresh(_) => {
                self.is_ended = true;
                self.replays += 1;
                Outcome::Refused
            }
        }
    }

    /// What the session may be after all the deeds were done at once with these outcomes: one
    /// for each order in which they could have been done one after the other.
    pub(super) fn explanations(&self, deeds: &[(Deed, Outcome)], now: Timestamp) -> Vec<Self> {
        if deeds.is_empty() {
            return vec![self.clone()];
        }
        let mut found = Vec::new();
        for first in 0..deeds.len() {
            let mut rest = deeds.to_vec();
            let (deed, outcome) = rest.remove(first);
            let mut after = self.clone();
            if after.carry_out(deed, now) == outcome {
                found.extend(after.explanations(&rest, now));
            }
        }
        found
    }
}
