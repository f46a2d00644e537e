//! How often a password may be guessed.

use std::time::Duration;

use domain::Timestamp;
use domain::attempts::{Attempts, BRAKE, BRAKE_WINDOW, FREE, MOST, Purpose, SLOT_LIFE, Slot};
use proptest::prelude::*;

const START: Timestamp = Timestamp::from_seconds(1_790_000_000);

fn taken(slot: Slot) -> Attempts {
    let Slot::Taken(attempts) = slot else { panic!("{slot:?}") };
    attempts
}

fn wait(slot: Slot) -> Duration {
    let Slot::Refused { retry_after } = slot else { panic!("{slot:?}") };
    retry_after
}

/// One wrong guess after the other, as soon as the last delay is over.
fn fail(count: i64, purpose: Purpose) -> (Attempts, Timestamp) {
    let (mut attempts, mut now) = (Attempts::default(), START);
    for _ in 0..count {
        if let Slot::Refused { retry_after } = attempts.take(purpose, now) {
            now = now + retry_after;
        }
        attempts = taken(attempts.take(purpose, now)).failed(purpose, now, now).attempts;
    }
    (attempts, now)
}

#[test]
fn lgn_01_the_delay_doubles_after_five_failures_up_to_fifteen_minutes() {
    let (attempts, now) = fail(4, Purpose::SignIn);
    taken(attempts.take(Purpose::SignIn, now));
    for (failures, seconds) in [(5, 1), (6, 2), (7, 4), (14, 512), (15, 900), (60, 900)] {
        let (attempts, now) = fail(failures, Purpose::SignIn);
        let delay = wait(attempts.take(Purpose::SignIn, now));
        assert_eq!(delay, Duration::from_secs(seconds), "{failures}");
        taken(attempts.take(Purpose::SignIn, now + delay));
    }
}

#[test]
fn lgn_02_a_hundred_failures_disable_the_password() {
    assert!(!fail(MOST - 1, Purpose::SignIn).0.is_disabled());
    assert!(fail(MOST, Purpose::SignIn).0.is_disabled());
    assert!(fail(MOST, Purpose::SignIn).0.interrupted().is_disabled());
}

#[test]
fn lgn_03_no_more_slots_than_free_failures() {
    let mut attempts = Attempts::default();
    for _ in 0..FREE {
        attempts = taken(attempts.take(Purpose::SignIn, START));
    }
    assert_eq!(attempts.take(Purpose::SignIn, START), Slot::Busy);
    taken(attempts.give_back(START, START).take(Purpose::SignIn, START));
    taken(attempts.take(Purpose::SignIn, START + SLOT_LIFE));
}

#[test]
fn lgn_03_a_slot_that_may_have_expired_is_not_given_back() {
    let late = START + SLOT_LIFE;
    let attempts =
        taken(taken(Attempts::default().take(Purpose::SignIn, START)).take(Purpose::SignIn, late));
    assert_eq!(attempts.give_back(START, late).in_flight, 1);
    assert_eq!(attempts.failed(Purpose::SignIn, START, late).attempts.in_flight, 1);
    assert_eq!(attempts.succeeded(Purpose::SignIn, START, late).in_flight, 1);
    assert_eq!(attempts.give_back(late, late).in_flight, 0);
}

#[test]
fn five_wrong_current_passwords_are_braked_for_half_an_hour() {
    let (attempts, now) = fail(BRAKE, Purpose::CurrentPassword);
    let delay = wait(attempts.take(Purpose::CurrentPassword, now));
    assert_eq!(START + BRAKE_WINDOW, now + delay);
    taken(attempts.take(Purpose::CurrentPassword, now + delay));
    // Signing in is held up by the delay only, and lifts no brake.
    let attempts = taken(attempts.take(Purpose::SignIn, now + Duration::from_secs(1)));
    wait(attempts.succeeded(Purpose::SignIn, now, now).take(Purpose::CurrentPassword, now));
}

#[test]
fn failures_are_reported_once_a_minute() {
    let first = Attempts::default().failed(Purpose::SignIn, START, START);
    assert!(first.is_reported);
    let soon = START + Duration::from_secs(59);
    assert!(!first.attempts.failed(Purpose::SignIn, soon, soon).is_reported);
    let later = START + Duration::from_mins(1);
    assert!(first.attempts.failed(Purpose::SignIn, later, later).is_reported);
}

proptest! {
    /// Whatever happens in between, wrong guesses at one instant are never more than are free.
    #[test]
    fn lgn_03_an_instant_sees_no_more_guesses_than_are_free(
        steps in proptest::collection::vec(any::<bool>(), 1..300),
    ) {
        let (mut attempts, mut in_flight, mut failures) = (Attempts::default(), 0, 0);
        for is_guess in steps {
            if is_guess {
                if let Slot::Taken(next) = attempts.take(Purpose::SignIn, START) {
                    attempts = next;
                    in_flight += 1;
                }
            } else if in_flight > 0 {
                attempts = attempts.failed(Purpose::SignIn, START, START).attempts;
                in_flight -= 1;
                failures += 1;
            }
            prop_assert!(in_flight + failures <= FREE);
        }
    }
}
