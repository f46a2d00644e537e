//! LGN-14: when the failures of a minute are worth an alarm.

use std::time::Duration;

use domain::Timestamp;
use domain::failure_ratio::{FailureRatio, MostFailed};

const NOW: Timestamp = Timestamp::from_seconds(1_790_000_000);

/// The alarms of so many failures and successes, evenly mixed over `within`.
fn alarms(
    ratio: &mut FailureRatio,
    from: Timestamp,
    within: Duration,
    mix: (u32, u32),
) -> Vec<Timestamp> {
    let (failures, successes) = mix;
    let all = failures + successes;
    let fails = |n: u32| n * failures / all != (n + 1) * failures / all;
    let times = (0..all).map(|n| (fails(n), from + within * n / all));
    times.filter_map(|(failed, at)| ratio.count(failed, at).map(|_| at)).collect()
}

#[test]
fn lgn_14_more_than_half_of_many_are_an_alarm() {
    for (mix, expected) in [
        ((100, 0), 0),
        ((101, 0), 1),
        ((101, 100), 1),
        ((500, 500), 0),
        ((500, 501), 0),
        ((520, 480), 1),
        ((5_000, 0), 1),
    ] {
        let told = alarms(&mut FailureRatio::default(), NOW, Duration::from_secs(59), mix);
        assert_eq!(told.len(), expected, "{mix:?}");
    }
    let mut ratio = FailureRatio::default();
    let told = (0..101).find_map(|_| ratio.count(true, NOW));
    assert_eq!(told, Some(MostFailed { failures: 101, proofs: 101 }));
}

#[test]
fn lgn_14_slow_failures_are_none() {
    let hour = Duration::from_hours(1);
    assert!(alarms(&mut FailureRatio::default(), NOW, hour, (100 * 60, 0)).is_empty());
}

#[test]
fn lgn_14_there_is_one_alarm_a_minute_at_most() {
    let hour = Duration::from_hours(1);
    let told = alarms(&mut FailureRatio::default(), NOW, hour, (1_000 * 60, 0));
    assert!((50..=60).contains(&told.len()), "{}", told.len());
    assert!(told.windows(2).all(|pair| pair[1].since(pair[0]) >= Duration::from_mins(1)));
    // Late in one minute and early in the next is no reason for two.
    let mut ratio = FailureRatio::default();
    ratio.count(false, NOW);
    let second = Duration::from_secs(1);
    let around = NOW + Duration::from_secs(58);
    assert_eq!(alarms(&mut ratio, around, second, (150, 0)).len(), 1);
    assert_eq!(alarms(&mut ratio, around + 3 * second, second, (150, 0)).len(), 0);
}

#[test]
fn lgn_14_a_clock_that_was_set_back_begins_a_new_minute() {
    let mut ratio = FailureRatio::default();
    assert_eq!(alarms(&mut ratio, NOW, Duration::ZERO, (101, 0)).len(), 1);
    let earlier = NOW - Duration::from_hours(2);
    assert_eq!(alarms(&mut ratio, earlier, Duration::ZERO, (101, 0)).len(), 1);
}
