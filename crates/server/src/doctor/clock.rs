//! Do the clocks of this machine and of the database agree?

use std::time::Duration;

use domain::Timestamp;
use integrations::SystemClock;
use operations::ports::Clock;
use storage::Facts;

use super::finding::Finding;

const CHECK: &str = "clock";
/// Other services forgive tokens about as much.
const TOLERANCE: Duration = Duration::from_secs(30);

pub(super) fn check(facts: &Facts) -> Finding {
    let now = SystemClock.now();
    let apart = now.since(facts.now).max(facts.now.since(now));
    if apart <= TOLERANCE {
        let seconds = apart.as_secs_f64();
        return Finding::ok(CHECK, format!("{seconds:.1} s from the clock of the database"));
    }
    let (ours, theirs) = (now.to_rfc3339(), Timestamp::to_rfc3339(facts.now));
    Finding::problem(
        CHECK,
        format!(
            "{} s from the clock of the database: {ours} here, {theirs} there",
            apart.as_secs()
        ),
        "set both clocks by NTP: tokens and sessions expire at the wrong time",
    )
}
