//! One address floods the limits that a database keeps: what it costs, and whom.

#![expect(clippy::expect_used, reason = "a test fails by panicking")]

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use domain::Timestamp;
use domain::limit::{Quotas, Verdict};
use operations::limits::DatabaseLimiter;
use operations::ports::{LimitKey, RateLimiter};
use testkit::Database;
use tokio::task::JoinSet;

const NOW: Timestamp = Timestamp::from_seconds(1_790_000_000);
const FLOOD: LimitKey = [7; 32];

testkit::on_every_backend!(Database::fresh =>
    r_27_a_crowd_at_one_key_is_answered_together,
    r_27_a_flood_from_one_address_costs_others_nothing,
    a_denial_is_asked_about_again_after_a_second,
    who_leaves_takes_nobody_along,
);

fn quotas(text: &str) -> Quotas {
    text.parse().expect("quotas")
}

async fn one_limiter(database: &Database) -> Arc<DatabaseLimiter> {
    Arc::new(DatabaseLimiter::new(database.connect_again().await))
}

/// All at once; who is granted, and how long it took.
async fn crowd(limiters: &[Arc<DatabaseLimiter>], key: LimitKey) -> (usize, Duration) {
    let started = Instant::now();
    let mut crowd = JoinSet::new();
    for limiter in limiters {
        let limiter = Arc::clone(limiter);
        crowd.spawn(async move {
            let verdict = limiter.take(&key, &quotas("50/min"), NOW).await;
            verdict.expect("an answer").is_granted()
        });
    }
    let granted = crowd.join_all().await.into_iter().filter(|granted| *granted).count();
    (granted, started.elapsed())
}

/// Against the same crowd of which everybody asks for himself.
async fn r_27_a_crowd_at_one_key_is_answered_together(database: Database) {
    const CROWD: usize = 200;
    let store = database.connect_again().await;
    let limiter = || Arc::new(DatabaseLimiter::new(store.clone()));
    let apart: Vec<_> = (0..CROWD).map(|_| limiter()).collect();
    let together = vec![limiter(); CROWD];
    // The row is there before anybody looks at the clock.
    for key in [[1; 32], [2; 32]] {
        apart[0].take(&key, &quotas("50/min"), NOW).await.expect("an answer");
    }
    let (granted, alone) = crowd(&apart, [1; 32]).await;
    assert_eq!(granted, 49);
    let (granted, shared) = crowd(&together, [2; 32]).await;
    assert_eq!(granted, 49);
    println!("{:?}: alone {alone:?}, together {shared:?}", database.backend);
    assert!(shared * 3 < alone, "alone {alone:?}, together {shared:?}");
}

async fn r_27_a_flood_from_one_address_costs_others_nothing(database: Database) {
    let limiter = one_limiter(&database).await;
    let quiet = others(&limiter, 1).await;
    let (over, asked) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU64::new(0)));
    let mut flood = JoinSet::new();
    for _ in 0..100 {
        let (limiter, over) = (Arc::clone(&limiter), Arc::clone(&over));
        let asked = Arc::clone(&asked);
        flood.spawn(async move {
            while !over.load(Ordering::Relaxed) {
                limiter.take(&FLOOD, &quotas("600/min"), NOW).await.expect("an answer");
                asked.fetch_add(1, Ordering::Relaxed);
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        });
    }
    let flooded = others(&limiter, 2).await;
    over.store(true, Ordering::Relaxed);
    flood.join_all().await;
    let asked = asked.load(Ordering::Relaxed);
    println!("{:?}: quiet {quiet:?}, beside {asked} others {flooded:?}", database.backend);
    assert!(flooded < quiet * 5 + Duration::from_millis(20), "{quiet:?}, {flooded:?}");
}

/// How long somebody else waits, most of the time.
async fn others(limiter: &DatabaseLimiter, first: u8) -> Duration {
    let mut times = Vec::new();
    for n in 0..60_u8 {
        let mut key = [first; 32];
        key[0] = n;
        let started = Instant::now();
        let verdict = limiter.take(&key, &quotas("30/min"), NOW).await;
        assert!(verdict.expect("an answer").is_granted());
        times.push(started.elapsed());
    }
    times.sort();
    times[times.len() / 2]
}

/// Another node may have given back what it took; a clock that goes back proves nothing.
async fn a_denial_is_asked_about_again_after_a_second(database: Database) {
    let (one, two) = (one_limiter(&database).await, one_limiter(&database).await);
    let quotas = quotas("1/min");
    let ask = async |after: Duration| one.take(&FLOOD, &quotas, NOW + after).await;
    assert!(ask(Duration::ZERO).await.expect("an answer").is_granted());
    assert!(!ask(Duration::ZERO).await.expect("an answer").is_granted());
    two.give_back(&FLOOD, &quotas, NOW).await.expect("given back");
    let known = ask(Duration::from_millis(999)).await.expect("an answer");
    let Verdict::Denied { retry_after, .. } = known else { panic!("{known:?}") };
    assert_eq!(retry_after, Duration::from_millis(59_001));
    assert!(ask(Duration::from_secs(1)).await.expect("an answer").is_granted());
    // What this node itself gives back is there at once.
    assert!(!ask(Duration::from_secs(1)).await.expect("an answer").is_granted());
    one.give_back(&FLOOD, &quotas, NOW).await.expect("given back");
    assert!(ask(Duration::from_secs(1)).await.expect("an answer").is_granted());
}

/// Clients leave while somebody asks for them, or while they ask for others.
async fn who_leaves_takes_nobody_along(database: Database) {
    let limiter = one_limiter(&database).await;
    let mut crowd = JoinSet::new();
    for n in 0..60_u64 {
        let limiter = Arc::clone(&limiter);
        crowd.spawn(async move {
            let quotas = quotas("1000/min");
            let take = limiter.take(&FLOOD, &quotas, NOW);
            if n % 3 == 0 {
                // Some before they asked, some while they do.
                drop(tokio::time::timeout(Duration::from_micros(n * 100), take).await);
                return true;
            }
            take.await.expect("an answer").is_granted()
        });
    }
    let all = tokio::time::timeout(Duration::from_secs(20), crowd.join_all()).await;
    assert!(all.expect("nobody waits for ever").into_iter().all(|granted| granted));
}
