//! The contract of the stores of limits: one suite, every store.

#![expect(clippy::expect_used, reason = "a test fails by panicking")]

use std::sync::Arc;
use std::time::Duration;

use domain::Timestamp;
use domain::limit::{Quotas, Verdict};
use integrations::redis::{RedisLimiter, RedisLink};
use operations::limits::{DatabaseLimiter, Degrading, MemoryLimiter};
use operations::ports::{LimitKey, RateLimiter};
use testkit::{Backend, Database, RedisServer};
use tokio::task::JoinSet;

const NOW: Timestamp = Timestamp::from_seconds(1_790_000_000);
const KEY: LimitKey = [7; 32];

/// Two instances of one store, and what keeps it alive.
struct Stage {
    one: Arc<dyn RateLimiter>,
    two: Arc<dyn RateLimiter>,
    _kept: Kept,
}

enum Kept {
    Nothing,
    Database(#[expect(dead_code, reason = "only kept")] Box<Database>),
    Redis(#[expect(dead_code, reason = "only kept")] RedisServer),
}

fn memory() -> Stage {
    let limiter: Arc<dyn RateLimiter> = Arc::new(MemoryLimiter::default());
    Stage { one: Arc::clone(&limiter), two: limiter, _kept: Kept::Nothing }
}

async fn database(backend: Backend) -> Stage {
    let database = Database::fresh(backend).await;
    let one = Arc::new(DatabaseLimiter::new(database.connect_again().await));
    let two = Arc::new(DatabaseLimiter::new(database.connect_again().await));
    Stage { one, two, _kept: Kept::Database(Box::new(database)) }
}

async fn redis() -> Stage {
    let server = RedisServer::start().await;
    let one = Arc::new(RedisLimiter::new(link(&server)));
    let two = Arc::new(RedisLimiter::new(link(&server)));
    Stage { one, two, _kept: Kept::Redis(server) }
}

fn link(server: &RedisServer) -> Arc<RedisLink> {
    Arc::new(RedisLink::new(&server.url(), "test:").expect("a URL"))
}

macro_rules! on_every_store {
    ($($case:ident),+ $(,)?) => {
        on_every_store!(@ memory, memory() => $($case),+);
        on_every_store!(@ sqlite, database(Backend::Sqlite).await => $($case),+);
        on_every_store!(@ postgres, database(Backend::Postgres).await => $($case),+);
        on_every_store!(@ mysql, database(Backend::MySql).await => $($case),+);
        on_every_store!(@ redis_server, redis().await => $($case),+);
    };
    (@ $store:ident, $stage:expr => $($case:ident),+) => {
        mod $store {
            use super::*;

            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $case() {
                super::$case($stage).await;
            })+
        }
    };
}

on_every_store!(
    every_store_counts_as_the_algorithm_does,
    a_crowd_is_granted_what_there_is_and_no_more,
    what_is_given_back_can_be_taken_again,
    keys_do_not_know_each_other,
);

fn quotas(text: &str) -> Quotas {
    text.parse().expect("quotas")
}

async fn every_store_counts_as_the_algorithm_does(stage: Stage) {
    for (n, text) in
        ["10/min, 100/h", "5/h burst 3, 20/day", "30/min", "1/s"].into_iter().enumerate()
    {
        let quotas = quotas(text);
        let key = [u8::try_from(n).expect("a small number"); 32];
        let (mut arrivals, mut now) = ([None, None], NOW);
        for turn in 0..60_u64 {
            now = now + Duration::from_micros(turn * turn * 1_234);
            let (expected, next) = quotas.take(arrivals, now);
            arrivals = next;
            let limiter = if turn % 2 == 0 { &stage.one } else { &stage.two };
            let verdict = limiter.take(&key, &quotas, now).await.expect("an answer");
            assert_eq!(verdict, expected, "{text}, turn {turn}");
        }
    }
}

async fn a_crowd_is_granted_what_there_is_and_no_more(stage: Stage) {
    let mut crowd = JoinSet::new();
    for n in 0..60 {
        let limiter = Arc::clone(if n % 2 == 0 { &stage.one } else { &stage.two });
        crowd.spawn(async move {
            let verdict = limiter.take(&KEY, &quotas("10/min, 100/h"), NOW).await;
            verdict.expect("an answer").is_granted()
        });
    }
    let granted = crowd.join_all().await.into_iter().filter(|granted| *granted).count();
    assert_eq!(granted, 10);
}

async fn what_is_given_back_can_be_taken_again(stage: Stage) {
    let quotas = quotas("2/min, 3/h");
    for _ in 0..10 {
        let verdict = stage.one.take(&KEY, &quotas, NOW).await.expect("an answer");
        assert!(verdict.is_granted());
        stage.two.give_back(&KEY, &quotas, NOW).await.expect("given back");
    }
    for expected in [true, true, false] {
        let verdict = stage.one.take(&KEY, &quotas, NOW).await.expect("an answer");
        assert_eq!(verdict.is_granted(), expected);
    }
}

async fn keys_do_not_know_each_other(stage: Stage) {
    let quotas = quotas("1/min");
    for key in [[1; 32], [2; 32], [3; 32]] {
        assert!(stage.one.take(&key, &quotas, NOW).await.expect("an answer").is_granted());
        assert!(!stage.one.take(&key, &quotas, NOW).await.expect("an answer").is_granted());
    }
    // What is over is forgotten, and nothing else.
    stage.one.sweep(NOW + Duration::from_secs(30)).await.expect("swept");
    let soon = NOW + Duration::from_secs(31);
    assert!(!stage.one.take(&[1; 32], &quotas, soon).await.expect("an answer").is_granted());
    stage.one.sweep(NOW + Duration::from_secs(61)).await.expect("swept");
    let later = NOW + Duration::from_secs(61);
    assert!(stage.one.take(&[1; 32], &quotas, later).await.expect("an answer").is_granted());
}

/// of strangers without end only so many are kept.
#[tokio::test]
async fn r_33_memory_is_bounded() {
    let limiter = MemoryLimiter::default();
    let quotas = quotas("10/min");
    for n in 0..250_000_u64 {
        let mut key = KEY;
        key[..8].copy_from_slice(&n.to_be_bytes());
        limiter.take_now(&key, &quotas, NOW + Duration::from_micros(n));
    }
    let kept = limiter.sweep(NOW + Duration::from_hours(1)).await.expect("swept");
    assert!((1..=100_000).contains(&kept), "{kept}");
}

/// Nobody asks an idle instance for anything, and yet it is to be seen that Redis is back.
#[tokio::test]
async fn r_12_an_idle_instance_finds_redis_again() {
    let mut server = RedisServer::start().await;
    let limiter = RedisLimiter::new(link(&server));
    let degrading = Degrading::new(Arc::new(limiter), Duration::from_millis(100), 2);
    server.kill();
    for _ in 0..5 {
        degrading.take(&KEY, &quotas("10/min"), NOW).await.expect("never an error");
    }
    assert!(degrading.is_degraded());
    degrading.ping().await.expect("never an error");
    assert!(degrading.is_degraded());
    server.start_again().await;
    let back = async {
        while degrading.is_degraded() {
            tokio::time::sleep(Duration::from_millis(500)).await;
            degrading.ping().await.expect("never an error");
        }
    };
    tokio::time::timeout(Duration::from_secs(15), back).await.expect("Redis is asked again");
}

/// whatever becomes of Redis, everybody is answered soon, and nobody without a limit.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn r_12_without_redis_each_node_counts_its_share() {
    let mut server = RedisServer::start().await;
    let limiter = RedisLimiter::new(link(&server));
    let degrading = Degrading::new(Arc::new(limiter), Duration::from_millis(100), 2);
    let quotas = quotas("10/min");
    let granted = async |key: u8| {
        let started = std::time::Instant::now();
        let mut granted = 0;
        for _ in 0..20 {
            let verdict = degrading.take(&[key; 32], &quotas, NOW).await.expect("never an error");
            granted += usize::from(matches!(verdict, Verdict::Granted(_)));
        }
        // Five wait for the patience, the others not at all.
        assert!(started.elapsed() < Duration::from_secs(3), "{:?}", started.elapsed());
        granted
    };
    assert_eq!(granted(1).await, 10);
    server.hang();
    assert_eq!(granted(2).await, 5);
    server.go_on();
    server.kill();
    assert_eq!(granted(3).await, 5);
    server.start_again().await;
    // Half open after ten seconds at the latest.
    let back = async {
        let mut key = 100;
        while granted(key).await != 10 {
            key += 1;
            tokio::time::sleep(Duration::from_millis(500)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(15), back).await.expect("Redis is asked again");
}

#[tokio::test]
async fn no_address_and_no_end_stands_in_redis() {
    let server = RedisServer::start().await;
    let link = link(&server);
    let limiter = RedisLimiter::new(Arc::clone(&link));
    limiter.take(&KEY, &quotas("10/min"), NOW).await.expect("an answer");
    let keys: Vec<String> = link.ask(redis::cmd("KEYS").arg("*")).await.expect("the keys");
    assert_eq!(keys.len(), 1);
    assert!(keys[0].starts_with("test:limit:"), "{keys:?}");
    let end: i64 = link.ask(redis::cmd("PTTL").arg(&keys[0])).await.expect("its end");
    assert!((1..=7_000).contains(&end), "{end}");
    // Emptied, it begins anew and says nothing.
    link.ask::<()>(&redis::cmd("FLUSHALL")).await.expect("emptied");
    assert!(limiter.take(&KEY, &quotas("1/min"), NOW).await.expect("an answer").is_granted());
}
