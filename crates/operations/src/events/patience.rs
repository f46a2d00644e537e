//! What an address is given before an event is set aside, or nothing more is sent there. Attempts count
//! as well as time: a bad minute is not the event's fault, and a night without us is not the address's.
//! Both are in the database, so whoever leads next goes on counting.

use std::time::Duration;

use domain::Timestamp;
use storage::event_cursors::{Failing, Refused};

const REFUSALS: i64 = 8;
const REFUSED_FOR: Duration = Duration::from_mins(10);
const FAILURES: i64 = 50;
const FAILING_FOR: Duration = Duration::from_hours(5 * 24);

/// With one more refusal of the event with this number.
pub(super) fn refused_again(before: Option<Refused>, position: i64, now: Timestamp) -> Refused {
    let before = before.filter(|before| before.position == position && before.times > 0);
    match before {
        Some(before) => Refused { times: before.times + 1, ..before },
        None => Refused { position, since: now, times: 1 },
    }
}

/// Nothing is taken, beginning with this event: it is not refused once more for that.
pub(super) fn stands_at(before: Option<Refused>, position: i64, now: Timestamp) -> Refused {
    let before = before.filter(|before| before.position == position);
    before.unwrap_or(Refused { position, since: now, times: 0 })
}

/// It is the event that is meant.
pub(super) fn is_refused_for_good(refused: &Refused, now: Timestamp) -> bool {
    refused.times >= REFUSALS && now.since(refused.since) >= REFUSED_FOR
}

/// There is nobody who takes anything.
pub(super) fn is_gone(failing: &Failing, now: Timestamp) -> bool {
    failing.times >= FAILURES && now.since(failing.since) >= FAILING_FOR
}
