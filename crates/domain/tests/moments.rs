//! At most so many times in any day (OTP-14).

#![expect(clippy::expect_used, reason = "a test fails by panicking")]

use std::time::Duration;

use domain::Timestamp;
use domain::limit::{AtMost, Moments};
use proptest::prelude::*;

const DAY: Duration = Duration::from_hours(24);
const TEN: AtMost = AtMost { count: 10, period: DAY };

/// When it was granted, of those who ask after these pauses.
fn granted(pauses: &[u64]) -> Vec<Timestamp> {
    let (mut now, mut moments) = (Timestamp::from_seconds(1_800_000_000), Moments::default());
    let mut granted = Vec::new();
    for pause in pauses {
        now = now + Duration::from_secs(*pause);
        if let Some(next) = TEN.take(&moments, now) {
            // As it is kept.
            moments = Moments::from_bytes(&next.to_bytes()).expect("what was written");
            assert_eq!(moments, next);
            granted.push(now);
        }
    }
    granted
}

#[test]
fn ten_may_come_at_once_and_the_next_a_day_after_the_first() {
    assert_eq!(granted(&[0; 30]).len(), 10);
    let mut pauses = vec![0; 10];
    pauses.extend([24 * 3600 - 1, 1, 0]);
    assert_eq!(granted(&pauses).len(), 12, "all ten places are free at once");
    let mut spread = vec![3600; 24];
    spread.extend([1; 5]);
    assert_eq!(granted(&spread).len(), 10, "none grows back within the day");
}

#[test]
fn it_counts_until_the_period_of_the_last_is_over() {
    let now = Timestamp::from_seconds(1_800_000_000);
    let once = TEN.take(&Moments::default(), now).expect("the first");
    assert_eq!(TEN.over_at(&once), now + DAY);
}

#[test]
fn what_nobody_wrote_is_not_read() {
    assert_eq!(Moments::from_bytes(&[0; 9]), None);
}

proptest! {
    #[test]
    fn otp_14_no_day_has_more_than_ten(pauses in prop::collection::vec(0_u64..20_000, 0..200)) {
        let granted = granted(&pauses);
        for (index, first) in granted.iter().enumerate() {
            let within = granted[index..].iter().filter(|at| at.since(*first) < DAY).count();
            prop_assert!(within <= 10, "{within} within a day of {first:?}");
        }
    }
}
