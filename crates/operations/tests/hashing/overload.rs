//! More sign-ins than can be hashed.

use std::time::Duration;

use domain::Password;
use operations::passwords::hashing::{HashError, HashSettings, Passwords, Verdict};
use tokio::task::JoinSet;

use super::salts;

#[tokio::test]
async fn r_23_a_crowd_is_answered_or_sent_away() {
    let passwords = Passwords::start(HashSettings::new(1), salts()).expect("the pool starts");
    let mut crowd = JoinSet::new();
    for _ in 0..60 {
        let passwords = passwords.clone();
        crowd.spawn(async move { passwords.verify(None, &Password::new("anything")).await });
    }
    let (mut answered, mut sent_away) = (0, 0);
    while let Some(outcome) = crowd.join_next().await {
        match outcome.expect("no task panics") {
            Ok(verdict) => {
                assert_eq!(verdict, Verdict::Wrong);
                answered += 1;
            }
            Err(HashError::Overloaded { retry_after }) => {
                assert_eq!(retry_after.subsec_nanos(), 0);
                let range = Duration::from_secs(1)..=Duration::from_secs(5);
                assert!(range.contains(&retry_after), "{retry_after:?}");
                sent_away += 1;
            }
            Err(HashError::Stopped) => panic!("the pool was not stopped"),
        }
    }
    assert!(answered >= 1, "the first in the line is answered");
    assert!(sent_away >= 1, "one thread does not hash for sixty at once");
}
