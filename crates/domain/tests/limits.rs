//! The algorithm of every limit.

#![expect(clippy::expect_used, reason = "a test fails by panicking")]

use std::time::Duration;

use domain::Timestamp;
use domain::limit::{Arrivals, Quota, Quotas, Verdict, network_of};
use proptest::prelude::*;

const START: Timestamp = Timestamp::from_seconds(1_790_000_000);

fn quotas(text: &str) -> Quotas {
    text.parse().expect("quotas")
}

/// Asks at each of these times, in milliseconds after the start; answers how many were granted.
fn ask(quotas: &Quotas, times: &[u64]) -> Vec<bool> {
    let mut arrivals: Arrivals = [None, None];
    let mut verdicts = Vec::new();
    for millis in times {
        let (verdict, next) = quotas.take(arrivals, START + Duration::from_millis(*millis));
        arrivals = next;
        verdicts.push(verdict.is_granted());
    }
    verdicts
}

#[test]
fn lgn_01_the_eleventh_of_ten_waits_and_is_granted_when_it_was_told() {
    let quotas = quotas("10/min, 100/h");
    let mut arrivals: Arrivals = [None, None];
    for _ in 0..10 {
        let (verdict, next) = quotas.take(arrivals, START);
        assert!(verdict.is_granted());
        arrivals = next;
    }
    let (verdict, same) = quotas.take(arrivals, START);
    assert_eq!(same, arrivals, "nothing is taken by who is refused");
    let Verdict::Denied { retry_after, .. } = verdict else { panic!("{verdict:?}") };
    assert_eq!(retry_after, Duration::from_secs(6));
    assert!(quotas.take(arrivals, START + retry_after).0.is_granted());
    let early = START + retry_after - Duration::from_micros(1);
    assert!(!quotas.take(arrivals, early).0.is_granted());
}

#[test]
fn the_longer_quota_holds_when_the_shorter_has_room() {
    let quotas = quotas("5/h burst 3, 20/day");
    // One each twelve minutes is within the first; the second allows 20 at once and one each 72 min.
    let times: Vec<u64> = (0..40).map(|n| n * 12 * 60 * 1000).collect();
    let granted = ask(&quotas, &times);
    assert!(granted[..20].iter().all(|granted| *granted));
    assert!(granted[20..].iter().any(|granted| !granted));
}

#[test]
fn what_is_left_is_told() {
    let (verdict, _) = quotas("30/min").take([None, None], START);
    let standing = verdict.standing();
    assert_eq!((standing.remaining, standing.whole_after), (29, Duration::from_secs(2)));
}

#[test]
fn a_place_that_was_given_back_can_be_taken_again() {
    let quotas = quotas("2/min");
    let mut arrivals: Arrivals = [None, None];
    for _ in 0..50 {
        let (verdict, next) = quotas.take(arrivals, START);
        assert!(verdict.is_granted());
        arrivals = quotas.give_back(next);
    }
}

#[test]
fn settings_are_read_or_refused() {
    for good in ["1/s", "30/min", " 10/min , 100/h ", "5/h burst 3, 20/day"] {
        assert!(good.parse::<Quotas>().is_ok(), "{good}");
    }
    for bad in
        ["", "30", "0/min", "3/min burst 4", "3/week", "1/s, 2/min, 3/h", "-1/s", "3/min burst"]
    {
        assert!(bad.parse::<Quotas>().is_err(), "{bad}");
    }
}

#[test]
fn lgn_06_one_client_is_one_network() {
    let of = |text: &str| network_of(text.parse().expect("an address"));
    assert_eq!(of("::ffff:192.0.2.7"), of("192.0.2.7"));
    assert_eq!(of("2001:db8:1:2::1"), of("2001:db8:1:2:ffff:ffff:ffff:ffff"));
    assert_ne!(of("2001:db8:1:2::1"), of("2001:db8:1:3::1"));
    assert_ne!(of("192.0.2.7"), of("192.0.2.8"));
}

proptest! {
    /// Never more than the burst and what grew back since, in any stretch of time.
    #[test]
    fn no_stretch_of_time_grants_more_than_it_may(
        count in 1_u32..50,
        burst in 1_u32..50,
        steps in proptest::collection::vec(0_u64..20_000, 1..200),
    ) {
        let burst = burst.min(count);
        let quota = Quota::new(count, Duration::from_mins(1), burst).expect("a quota");
        let times: Vec<u64> = steps.iter().scan(0, |sum, step| { *sum += step; Some(*sum) }).collect();
        let granted = ask(&Quotas::new(quota, None), &times);
        let at: Vec<u64> =
            times.iter().zip(&granted).filter(|(_, granted)| **granted).map(|(at, _)| *at).collect();
        for (first, from) in at.iter().enumerate() {
            for (last, to) in at.iter().enumerate().skip(first) {
                let grown = u128::from(to - from) * 1000 / quota.interval().as_micros();
                prop_assert!((last - first + 1) as u128 <= u128::from(burst) + grown + 1);
            }
        }
    }

    /// Who is told to wait and does is never told so again.
    #[test]
    fn the_time_to_wait_is_enough_and_not_too_long(
        count in 1_u32..100, steps in proptest::collection::vec(0_u64..2_000, 1..100),
    ) {
        let quota = Quota::new(count, Duration::from_mins(1), count).expect("a quota");
        let quotas = Quotas::new(quota, None);
        let (mut arrivals, mut now): (Arrivals, _) = ([None, None], START);
        for step in steps {
            now = now + Duration::from_millis(step);
            let (verdict, next) = quotas.take(arrivals, now);
            if let Verdict::Denied { retry_after, .. } = verdict {
                prop_assert!(quotas.take(arrivals, now + retry_after).0.is_granted());
                prop_assert!(retry_after <= quota.interval());
            }
            arrivals = next;
        }
    }

    /// What a store elsewhere computes from the numbers is judged alike.
    #[test]
    fn a_verdict_from_elsewhere_is_the_same(taken in 0_usize..40) {
        let quotas = quotas("10/min burst 4, 30/h");
        let mut arrivals: Arrivals = [None, None];
        for _ in 0..taken {
            arrivals = quotas.take(arrivals, START).1;
        }
        let (verdict, next) = quotas.take(arrivals, START);
        prop_assert_eq!(quotas.judge(verdict.is_granted(), next, START), verdict);
    }
}
