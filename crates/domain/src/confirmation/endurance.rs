//! How many wrong codes an account endures for one purpose, whatever codes it is sent.

use std::time::Duration;

use super::{DIGITS, LONG, Purpose, SHORT};
use crate::limit::{Arrival, Quota, Quotas, Verdict};
use crate::time::Timestamp;

/// Wrong codes of one account and purpose, in so long.
pub const MOST_GUESSES: (u32, Duration) = (10, Duration::from_hours(1));
/// What guesses made of the length of codes is forgotten after so long.
const ESCALATED_FOR: Duration = Duration::from_hours(30 * 24);

/// What is remembered beside the newest code. A new code changes nothing of it (OTP-06).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Endurance {
    /// Consecutive: until the owner succeeds.
    pub failures: i64,
    /// Codes that died of wrong guesses, each of which makes the next one longer.
    pub escalation: i64,
    pub escalated_at: Option<Timestamp>,
    /// Of the quota of guesses.
    pub guesses: Arrival,
}

impl Endurance {
    /// How long the next code is; `None` when there is none any more, and only links are sent.
    pub fn digits(
        &self,
        purpose: Purpose,
        base: u8,
        is_braked: bool,
        now: Timestamp,
    ) -> Option<u8> {
        if self.failures >= Self::most_failures(purpose, base) {
            return None;
        }
        let is_remembered = self.escalated_at.is_some_and(|since| now.since(since) < ESCALATED_FOR);
        let floor = match if is_remembered { self.escalation } else { 0 } {
            0 => base,
            1 => SHORT,
            2 => LONG,
            // Where codes never end, they have to grow instead.
            _ if purpose == Purpose::Registration => *DIGITS.end(),
            _ => LONG,
        };
        Some(base.max(floor).max(if is_braked { LONG } else { base }))
    }

    /// Consecutive failures that end the codes of an account for `purpose` (§4.2). By the length
    /// that codes begin with: longer ones are what guesses made of them. Before there is an account
    /// they never end: whoever guesses at an address would keep its owner from registering.
    pub const fn most_failures(purpose: Purpose, base: u8) -> i64 {
        match (base < SHORT, purpose) {
            (_, Purpose::Registration) => i64::MAX,
            (true, Purpose::Recovery) => 5,
            (true, _) => 10,
            (false, _) => 20,
        }
    }

    /// A place for one guess, taken before it is compared; or how long to wait. Before there is an
    /// account only each code counts: whoever guesses at an address would keep its owner waiting.
    pub fn take_guess(self, purpose: Purpose, now: Timestamp) -> Result<Self, Duration> {
        if purpose == Purpose::Registration {
            return Ok(self);
        }
        let (verdict, [guesses, _]) = quotas().take([self.guesses, None], now);
        match verdict {
            Verdict::Granted(_) => Ok(Self { guesses, ..self }),
            Verdict::Denied { retry_after, .. } => Err(retry_after),
        }
    }

    /// Wrong. `is_dead`: it was the last guess that this code endured.
    #[must_use]
    pub fn failed(self, is_dead: bool, now: Timestamp) -> Self {
        let failed = Self { failures: self.failures + 1, ..self };
        if !is_dead {
            return failed;
        }
        let is_remembered = self.escalated_at.is_some_and(|since| now.since(since) < ESCALATED_FOR);
        let escalation = if is_remembered { self.escalation + 1 } else { 1 };
        Self { escalation, escalated_at: Some(now), ..failed }
    }
}

fn quotas() -> Quotas {
    let (count, period) = MOST_GUESSES;
    let quota = Quota::new(count, period, count);
    Quotas::new(quota.unwrap_or_else(|| unreachable!("these are good numbers")), None)
}
