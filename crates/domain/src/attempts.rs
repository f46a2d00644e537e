//! How often the password of an account may be guessed (LGN-01…05): pure.
//!
//! A guess takes a slot before it is compared, so that many at once are no more than as many one
//! after the other. A slot that is not given back within its life belonged to a process that died.

use std::time::Duration;

use crate::time::Timestamp;

/// So many consecutive failures are free; each one more doubles the delay.
pub const FREE: i64 = 5;
/// The longest delay: no stranger shuts an owner out for longer.
pub const LONGEST_DELAY: Duration = Duration::from_mins(15);
/// So many consecutive failures disable the password until it is set anew (LGN-02).
pub const MOST: i64 = 100;
/// At so many the owner is told.
pub const TELL_OWNER: i64 = 20;
/// A success after so many is told (LGN-12).
pub const SUSPICIOUS: i64 = 5;
/// Wrong current passwords within [`BRAKE_WINDOW`].
pub const BRAKE: i64 = 5;
pub const BRAKE_WINDOW: Duration = Duration::from_mins(30);
/// Longer than any comparison waits and takes.
pub const SLOT_LIFE: Duration = Duration::from_secs(10);
const REPORT_EVERY: Duration = Duration::from_mins(1);
const LONG_AGO: Timestamp = Timestamp::from_micros(0);

/// For what the password is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    SignIn,
    /// Once more, before a sensitive change.
    CurrentPassword,
}

/// What is remembered of the guesses at one password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Attempts {
    /// Consecutive.
    pub failures: i64,
    /// Slots that are taken, unless they expired.
    pub in_flight: i64,
    pub slots_expire_at: Timestamp,
    pub blocked_until: Timestamp,
    /// Wrong current passwords since `braked_since`.
    pub braked: i64,
    pub braked_since: Timestamp,
    /// When a failure was last written to the log.
    pub reported_at: Timestamp,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Slot {
    Taken(Attempts),
    /// Every slot is taken; one will be given back in a moment.
    Busy,
    Refused {
        retry_after: Duration,
    },
}

/// A failure, and who is to be told of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Failed {
    pub attempts: Attempts,
    pub is_reported: bool,
    /// The owner is told of the failures, or of the end of the password.
    pub tells_owner: bool,
}

impl Default for Attempts {
    fn default() -> Self {
        Self {
            failures: 0,
            in_flight: 0,
            slots_expire_at: LONG_AGO,
            blocked_until: LONG_AGO,
            braked: 0,
            braked_since: LONG_AGO,
            reported_at: LONG_AGO,
        }
    }
}

impl Attempts {
    pub fn take(self, purpose: Purpose, now: Timestamp) -> Slot {
        let mut retry_after = self.blocked_until.since(now);
        let mut room = if self.failures < FREE { FREE - self.failures } else { 1 };
        let brake_ends = self.braked_since + BRAKE_WINDOW;
        if purpose == Purpose::CurrentPassword && now < brake_ends {
            if self.braked >= BRAKE {
                retry_after = retry_after.max(brake_ends.since(now));
            }
            room = room.min(BRAKE - self.braked);
        }
        if !retry_after.is_zero() {
            return Slot::Refused { retry_after };
        }
        let in_flight = if self.slots_expire_at <= now { 0 } else { self.in_flight };
        if in_flight >= room {
            return Slot::Busy;
        }
        Slot::Taken(Self { in_flight: in_flight + 1, slots_expire_at: now + SLOT_LIFE, ..self })
    }

    /// One slot, unless it is older than slots live: it may have expired, and others may be taken
    /// in its stead.
    #[must_use]
    pub fn give_back(self, taken_at: Timestamp, now: Timestamp) -> Self {
        if now.since(taken_at) >= SLOT_LIFE {
            return self;
        }
        Self { in_flight: (self.in_flight - 1).max(0), ..self }
    }

    #[must_use]
    pub fn failed(self, purpose: Purpose, taken_at: Timestamp, now: Timestamp) -> Failed {
        let failures = self.failures + 1;
        let (braked, braked_since) = match purpose {
            Purpose::SignIn => (self.braked, self.braked_since),
            Purpose::CurrentPassword if now < self.braked_since + BRAKE_WINDOW => {
                (self.braked + 1, self.braked_since)
            }
            Purpose::CurrentPassword => (1, now),
        };
        let is_reported = now.since(self.reported_at) >= REPORT_EVERY;
        let attempts = Self {
            failures,
            blocked_until: self.blocked_until.max(now + delay(failures)),
            braked,
            braked_since,
            reported_at: if is_reported { now } else { self.reported_at },
            ..self.give_back(taken_at, now)
        };
        let tells_owner = failures == TELL_OWNER || failures == MOST;
        Failed { attempts, is_reported, tells_owner }
    }

    /// The password was right. Only who was asked for the current one lifts its brake.
    #[must_use]
    pub fn succeeded(self, purpose: Purpose, taken_at: Timestamp, now: Timestamp) -> Self {
        let braked = match purpose {
            Purpose::SignIn => self.braked,
            Purpose::CurrentPassword => 0,
        };
        let free = self.give_back(taken_at, now);
        Self { failures: 0, blocked_until: LONG_AGO, braked, ..free }
    }

    /// A success in the other line of the account: failures in this one are consecutive no more,
    /// but their delay and their brake stay.
    #[must_use]
    pub fn interrupted(self) -> Self {
        if self.is_disabled() { self } else { Self { failures: 0, ..self } }
    }

    /// Its owner got in, in more steps than a password: nothing stands in the way any more that does
    /// not stand there for good.
    #[must_use]
    pub fn forgotten(self) -> Self {
        if self.is_disabled() {
            self
        } else {
            Self { failures: 0, blocked_until: LONG_AGO, ..self }
        }
    }

    /// Nobody gets in with this password any more, right or wrong.
    pub fn is_disabled(&self) -> bool {
        self.failures >= MOST
    }
}

fn delay(failures: i64) -> Duration {
    if failures < FREE {
        return Duration::ZERO;
    }
    let doublings = u32::try_from(failures - FREE).unwrap_or(0).min(10);
    Duration::from_secs(1 << doublings).min(LONGEST_DELAY)
}
