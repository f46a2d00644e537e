//! What the originals of this family write alike.

use domain::Timestamp;

/// `datetime.isoformat()` of a naive UTC time: six digits of a second, or none at all.
pub(crate) fn naive_utc(time: Timestamp) -> String {
    let calendar = time.calendar();
    let is_whole = time.as_micros().rem_euclid(1_000_000) == 0;
    let form = if is_whole { "%Y-%m-%dT%H:%M:%S" } else { "%Y-%m-%dT%H:%M:%S%.6f" };
    calendar.format(form).to_string()
}
