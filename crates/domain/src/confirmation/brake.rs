//! When codes are guessed at all over the service, those that are still to be sent grow
//! (security.md §4.2, rule 4): caps of single accounts do not stop whoever tries many of them.

use std::time::Duration;

/// So long codes stay long after the last sign of an attack.
pub const BRAKE_FOR: Duration = Duration::from_hours(24);

const A_MINUTE: i64 = 50;
const FEW: i64 = 100;
const RECOVERIES_A_DAY: i64 = 30;

/// Guesses of the whole service.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct GuessCounts {
    pub wrong_in_a_minute: i64,
    pub wrong_in_five_minutes: i64,
    pub right_in_five_minutes: i64,
    /// At codes that recover an account.
    pub wrong_recoveries_in_a_day: i64,
}

impl GuessCounts {
    pub fn is_attack(&self) -> bool {
        let Self { wrong_in_five_minutes: wrong, right_in_five_minutes: right, .. } = *self;
        // A fifth of them.
        let is_unlikely = wrong + right >= FEW && wrong * 5 > wrong + right;
        self.wrong_in_a_minute > A_MINUTE
            || is_unlikely
            || self.wrong_recoveries_in_a_day > RECOVERIES_A_DAY
    }
}
