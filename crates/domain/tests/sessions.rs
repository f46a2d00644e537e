//! Where a refresh token stands (SES-02, SES-04, SES-06).

use std::time::Duration;

use domain::session::{RETRANSMIT_WINDOW, RefreshStanding};
use domain::{Session, SessionId, Surface, Timestamp, UserId};

const START: Timestamp = Timestamp::from_seconds(1_767_225_600);

fn session(generation: i64) -> Session {
    Session {
        id: SessionId::new(START, [1; 10]),
        user_id: UserId::new(START, [2; 10]),
        surface: Surface::Native,
        generation,
        rotated_at: START,
        refresh_secret: vec![3; 32],
        created_at: START,
        last_seen_at: START,
        idle_expires_at: Some(START + Duration::from_secs(100)),
        expires_at: START + Duration::from_secs(1000),
        ended_at: None,
        address: None,
        agent: None,
    }
}

fn after(seconds: u64) -> Timestamp {
    START + Duration::from_secs(seconds)
}

#[test]
fn ses_04_the_one_before_is_answered_again_within_the_window_only() {
    let session = session(5);
    assert_eq!(session.standing(5, after(50)), RefreshStanding::Current);
    assert_eq!(session.standing(4, START + RETRANSMIT_WINDOW), RefreshStanding::Retransmitted);
    assert_eq!(session.standing(4, after(11)), RefreshStanding::Replayed);
    assert_eq!(session.standing(3, START), RefreshStanding::Replayed);
}

#[test]
fn jwt_05_a_generation_that_never_was_is_none() {
    for generation in [-1, i64::MIN, 6, i64::MAX] {
        assert_eq!(session(5).standing(generation, START), RefreshStanding::Unknown);
    }
    assert_eq!(session(0).standing(-1, START), RefreshStanding::Unknown, "nothing was before");
}

#[test]
fn ses_06_a_session_ends_by_idling_by_its_age_and_by_decision() {
    assert!(session(0).is_live(after(99)));
    assert!(!session(0).is_live(after(100)));
    let never_idle = Session { idle_expires_at: None, ..session(0) };
    assert!(never_idle.is_live(after(999)));
    assert!(!never_idle.is_live(after(1000)));
    let ended = Session { ended_at: Some(START), ..session(0) };
    assert!(!ended.is_live(after(1)));
    assert_eq!(ended.standing(0, after(1)), RefreshStanding::Over);
}

#[test]
fn a_session_does_not_print_its_secret() {
    assert!(!format!("{:?}", session(0)).contains("refresh_secret"));
}
