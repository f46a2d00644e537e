//! Passwords asked of the whole fleet at once.

use std::sync::Barrier;
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use testkit::RedisServer;

use super::Fleet;
use crate::process::http::{Reply, call};
use crate::process::{eventually, login};

const LOGIN: &str = "/api/v1/auth/login";
/// Many at once on a busy machine take their time, which is not what these tests are about.
const PATIENT: (&str, &str) = ("VESTIBULE_HTTP__REQUEST_TIMEOUT", "25s");

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn lgn_03_many_wrong_guesses_at_once_are_no_more_than_one_after_the_other() {
    let fleet = Fleet::with(&[PATIENT]).await;
    fleet.newcomer("ann");
    let (proofs, hashes) = (wrong_proofs(&fleet), hashes(&fleet));
    let began = Instant::now();
    let wrong = json!({ "identifier": "ann", "password": "not the right one" });
    let replies = at_once(&fleet, 200, |_| wrong.clone());
    let lasted = began.elapsed();

    let compared = wrong_proofs(&fleet) - proofs;
    assert!((5..=allowed(lasted)).contains(&compared), "{compared} compared in {lasted:?}");
    assert_eq!(self::hashes(&fleet) - hashes, compared, "each comparison is one hash");
    let of = |status| replies.iter().filter(|reply| reply.status == status).count();
    assert_eq!(u64::try_from(of(401)).expect("a few"), compared, "who was not compared knows it");
    assert_eq!(of(401) + of(429) + of(503), 200);
    let dump = fleet.database.dump().await;
    let failures = dump.rows("proof_attempts").iter().map(|row| row.number("failures")).max();
    assert_eq!(failures, i64::try_from(compared).ok(), "and each was counted");
    fleet.stop();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn lgn_04_many_right_sign_ins_at_once_lock_nobody_out() {
    let fleet = Fleet::with(&[PATIENT]).await;
    fleet.newcomer("ann");
    let replies = at_once(&fleet, 50, |_| login("ann"));
    for reply in replies {
        // Who cannot be served at the moment is told so, and comes again.
        let reply = if reply.status == 503 {
            assert!(reply.header("retry-after").is_some(), "{}", reply.head);
            eventually("a sign-in", || {
                let again = sign_in(&fleet, &login("ann"));
                (again.status != 503).then_some(again)
            })
        } else {
            reply
        };
        reply.expect(200);
    }
    sign_in(&fleet, &login("ann")).expect(200);
    fleet.stop();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn lgn_03_failures_of_an_address_are_counted_over_the_fleet_in_the_database() {
    counts_an_address(&[]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn lgn_03_failures_of_an_address_are_counted_over_the_fleet_in_redis() {
    let redis = RedisServer::start().await;
    counts_an_address(&[("VESTIBULE_REDIS__URL", &redis.url())]).await;
}

/// One password tried on many accounts. An instance for which the store is too slow, as it may be
/// on a busy machine, counts its share alone.
async fn counts_an_address(store: &[(&str, &str)]) {
    const SHARED: usize = 6;
    const SHARES: usize = 3 * 2;
    const GUESSES: usize = 60;
    let limits = [
        PATIENT,
        ("VESTIBULE_LIMITS__MODE", "enforce"),
        ("VESTIBULE_LIMITS__LOGIN", ""),
        ("VESTIBULE_LIMITS__LOGIN_FAILURES", "6/day"),
        ("VESTIBULE_LIMITS__NODES", "3"),
    ];
    let fleet = Fleet::with(&[&limits, store].concat()).await;
    fleet.instances[0].register("ann").expect(201);
    for instance in &fleet.instances {
        // What is right does not count, and the store is known from now on.
        instance.sign_in("ann");
    }
    let (before, alone_before) = (hashes(&fleet), alone(&fleet));
    let guess = |index| json!({ "identifier": format!("bob{index}"), "password": "password1" });
    let replies = at_once(&fleet, GUESSES, guess);
    let of = |status| replies.iter().filter(|reply| reply.status == status).count();
    let compared = of(401);
    assert_eq!(hashes(&fleet) - before, u64::try_from(compared).expect("a few"));
    assert_eq!(compared + of(429), GUESSES);
    let alone = alone(&fleet) - alone_before;
    let (least, most) = if alone == 0 { (SHARED, SHARED) } else { (1, SHARED + SHARES) };
    assert!((least..=most).contains(&compared), "{compared} compared, {alone} counted alone");
    fleet.stop();
}

/// Five are free. Then each comes after a delay, of one second at first, which doubles.
fn allowed(lasted: Duration) -> u64 {
    let mut allowed = 5;
    let (mut delay, mut next) = (Duration::from_secs(1), Duration::from_secs(1));
    while next <= lasted {
        allowed += 1;
        delay *= 2;
        next += delay;
    }
    allowed
}

/// Through nginx, which deals them out.
fn at_once(fleet: &Fleet, count: usize, body: impl Fn(usize) -> Value) -> Vec<Reply> {
    let start = Barrier::new(count);
    thread::scope(|scope| {
        let knock = |body: Value| {
            let start = &start;
            scope.spawn(move || {
                start.wait();
                sign_in(fleet, &body)
            })
        };
        let threads: Vec<_> = (0..count).map(|index| knock(body(index))).collect();
        threads.into_iter().map(|thread| thread.join().expect("nobody panics")).collect()
    })
}

fn sign_in(fleet: &Fleet, body: &Value) -> Reply {
    call(fleet.nginx.address, "POST", LOGIN, None, Some(body)).expect("an answer")
}

fn alone(fleet: &Fleet) -> u64 {
    fleet.counted("vestibule_limits_degraded_total", "")
}

fn wrong_proofs(fleet: &Fleet) -> u64 {
    fleet.counted("vestibule_password_proofs_total", "result=\"wrong\"")
}

fn hashes(fleet: &Fleet) -> u64 {
    fleet.counted("vestibule_hash_seconds_count", "")
}
