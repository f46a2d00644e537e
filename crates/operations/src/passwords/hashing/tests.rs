//! The pool with computations that the tests steer, and the choice of what is computed.

use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use domain::Password;
use tokio::task::JoinSet;

use super::formats::{self, Unreadable};
use super::pool::{LINE_PER_THREAD, NoAnswer, Pool};
use super::recipe::Recipe;
use super::{Entropy, HashError, HashSettings, Passwords, Scheme};

const FAST: Scheme = Scheme::Argon2id { memory_kib: 64, iterations: 1, parallelism: 1 };

/// Long enough that no test meets it.
const PATIENT: Duration = Duration::from_hours(1);

/// A pool of one thread that computes nothing until it is told to.
struct Gate {
    pool: Arc<Pool>,
    /// One word lets one job through.
    open: Sender<()>,
    /// The salts of the jobs that were begun.
    begun: Receiver<Vec<u8>>,
}

impl Gate {
    fn new() -> Self {
        let (open, opened) = mpsc::channel();
        let (begin, begun) = mpsc::channel();
        let opened = Mutex::new(opened);
        let pool = Pool::start(1, PATIENT, &FAST.decoy(), move |recipe, _, _| {
            if *recipe == FAST.decoy() {
                return None;
            }
            begin.send(recipe.salt.clone()).expect("the test listens");
            opened.lock().expect("no panic").recv().expect("the test opens the gate");
            Some(recipe.salt.clone())
        });
        Self { pool: Arc::new(pool.expect("the pool starts")), open, begun }
    }

    /// Puts jobs into the line, each with the salt of its number.
    fn send(&self, jobs: &mut JoinSet<Result<Option<Vec<u8>>, NoAnswer>>, numbers: &[u8]) {
        for number in numbers {
            let pool = Arc::clone(&self.pool);
            let recipe = FAST.recipe(vec![*number]);
            jobs.spawn(async move { pool.compute(recipe, Password::new("any")).await });
        }
    }
}

/// Lets every task run until it waits.
async fn settle() {
    for _ in 0..100 {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn r_23_a_full_line_refuses_at_once_and_serves_the_rest() {
    let gate = Gate::new();
    let mut jobs = JoinSet::new();
    gate.send(&mut jobs, &[1]);
    settle().await;
    assert_eq!(gate.begun.recv(), Ok(vec![1]));
    let room = u8::try_from(LINE_PER_THREAD).expect("a small line");
    gate.send(&mut jobs, &(2..2 + room).collect::<Vec<u8>>());
    gate.send(&mut jobs, &[98, 99]);
    for _ in 0..2 {
        let refused = jobs.join_next().await.expect("two are refused").expect("no panic");
        assert_eq!(refused, Err(NoAnswer::Overloaded));
    }
    for _ in 0..=room {
        gate.open.send(()).expect("the pool lives");
    }
    let served = jobs.join_all().await;
    assert_eq!(served.len(), LINE_PER_THREAD + 1);
    assert!(served.iter().all(|answer| matches!(answer, Ok(Some(_)))));
}

#[tokio::test]
async fn r_23_a_line_that_would_take_too_long_refuses() {
    let pool = Pool::start(1, Duration::ZERO, &FAST.decoy(), |recipe, _, _| {
        std::thread::sleep(Duration::from_millis(5));
        Some(recipe.salt.clone())
    });
    let pool = Arc::new(pool.expect("the pool starts"));
    let mut jobs = JoinSet::new();
    // The first waits for nobody, so it is taken; what a job costs is known after it.
    assert!(pool.compute(FAST.recipe(vec![0]), Password::new("any")).await.is_ok());
    for number in 1..=8 {
        let pool = Arc::clone(&pool);
        let recipe = FAST.recipe(vec![number]);
        jobs.spawn(async move { pool.compute(recipe, Password::new("any")).await });
    }
    let refused = jobs.join_all().await.iter().filter(|answer| answer.is_err()).count();
    assert!(refused >= 1, "nobody may wait, yet nobody was refused");
}

#[tokio::test]
async fn r_25_what_nobody_waits_for_is_not_begun() {
    let gate = Gate::new();
    let (mut stays, mut leaves) = (JoinSet::new(), JoinSet::new());
    gate.send(&mut stays, &[1]);
    settle().await;
    assert_eq!(gate.begun.recv(), Ok(vec![1]));
    gate.send(&mut leaves, &[66, 66, 66]);
    settle().await;
    gate.send(&mut stays, &[2]);
    settle().await;
    leaves.shutdown().await;
    // One for each that could be begun, so that a mistake fails instead of hanging.
    for _ in 0..5 {
        gate.open.send(()).expect("the pool lives");
    }
    assert_eq!(stays.join_all().await.len(), 2);
    assert_eq!(gate.begun.try_iter().collect::<Vec<_>>(), [vec![2]]);
}

#[tokio::test]
async fn r_25_who_leaves_gives_the_place_back() {
    let gate = Gate::new();
    let mut stays = JoinSet::new();
    gate.send(&mut stays, &[1]);
    settle().await;
    assert_eq!(gate.begun.recv(), Ok(vec![1]));

    let mut leaves = JoinSet::new();
    let room = u8::try_from(LINE_PER_THREAD).expect("a small line");
    gate.send(&mut leaves, &vec![66; room.into()]);
    settle().await;
    leaves.shutdown().await;

    // Another full line fits.
    let numbers: Vec<u8> = (2..2 + room).collect();
    gate.send(&mut stays, &numbers);
    settle().await;
    for _ in 0..=room {
        gate.open.send(()).expect("the pool lives");
    }
    let answers = stays.join_all().await;
    assert!(answers.iter().all(|answer| matches!(answer, Ok(Some(_)))));
    let begun: Vec<Vec<u8>> = gate.begun.try_iter().collect();
    assert_eq!(begun, numbers.iter().map(|number| vec![*number]).collect::<Vec<_>>());
}

#[tokio::test]
async fn api_15_a_panic_ends_one_computation() {
    let pool = Pool::start(1, PATIENT, &FAST.decoy(), |recipe, _, _| {
        assert_ne!(recipe.salt, [13], "a computation that panics");
        Some(recipe.salt.clone())
    });
    let pool = pool.expect("the pool starts");
    let any = || Password::new("any");
    assert_eq!(pool.compute(FAST.recipe(vec![13]), any()).await, Ok(None));
    assert_eq!(pool.compute(FAST.recipe(vec![14]), any()).await, Ok(Some(vec![14])));
}

#[tokio::test]
async fn stopping_answers_those_who_wait() {
    let gate = Gate::new();
    let mut jobs = JoinSet::new();
    gate.send(&mut jobs, &[1, 2, 3]);
    settle().await;
    assert_eq!(gate.begun.recv(), Ok(vec![1]));
    gate.pool.stop();
    gate.open.send(()).expect("the first job waits");
    let mut answers = jobs.join_all().await;
    answers.sort_by_key(Result::is_err);
    assert_eq!(
        answers,
        [Ok(Some(vec![1])), Err(NoAnswer::Stopped), Err(NoAnswer::Stopped)],
        "what runs is finished"
    );
}

#[test]
fn pwd_12_without_a_hash_the_work_is_that_of_a_hash_of_ours() {
    for scheme in [Scheme::default(), FAST, Scheme::Pbkdf2Sha256 { iterations: 1_000 }] {
        let passwords = start(scheme);
        let salt = scheme.new_salt(&Zeros);
        let text = formats::write(scheme, &salt, &[7; 32]);
        let stored = formats::read(&text).expect("readable");
        let (with, without) = (passwords.recipe_for(Some(&stored)), passwords.recipe_for(None));
        assert_eq!(with.cost, without.cost);
        assert_eq!(with.salt.len(), without.salt.len());
        assert_eq!(with.length, without.length);
    }
}

/// Every class of sign-in asks for exactly one computation: a stopped pool refuses them all.
#[tokio::test]
async fn pwd_12_every_answer_takes_a_computation() {
    let passwords = start(FAST);
    let text = formats::write(FAST, &[1; 16], &[7; 32]);
    passwords.stop();
    for stored in [None, Some(""), Some("damaged"), Some(text.as_str())] {
        let answer = passwords.verify(stored, &Password::new("any")).await;
        assert_eq!(answer, Err(HashError::Stopped), "{stored:?}");
    }
}

#[test]
fn pwd_11_costs_are_judged_before_anything_is_allocated() {
    let rest = "c29tZSBzYWx0IDE2IGJ5dGU$PbTOVZUGU9AWxpBAvXISMVmuUjcAkzIDxOvHc0LSJeM";
    for costs in [
        "$argon2id$v=19$m=4194304,t=1,p=1",
        "$argon2id$v=19$m=262145,t=1,p=1",
        "$argon2id$v=19$m=262144,t=17,p=1",
        "$argon2id$v=19$m=64,t=65,p=1",
        "$argon2id$v=19$m=1024,t=1,p=17",
        "$scrypt$ln=22,r=8,p=1",
        "$scrypt$ln=18,r=8,p=5",
        "$pbkdf2-sha256$i=10000001",
    ] {
        let outcome = formats::read(&format!("{costs}${rest}")).map(drop);
        assert_eq!(outcome, Err(Unreadable::TooCostly), "{costs}");
    }
    for costs in ["$argon2id$v=19$m=262144,t=16,p=16", "$scrypt$ln=18,r=8,p=4"] {
        assert!(formats::read(&format!("{costs}${rest}")).is_ok(), "{costs}");
    }
}

fn start(scheme: Scheme) -> Passwords {
    let settings = HashSettings { scheme, allow_weak: true, ..HashSettings::new(1) };
    Passwords::start(settings, Arc::new(Zeros)).expect("the pool starts")
}

struct Zeros;

impl Entropy for Zeros {
    fn fill(&self, bytes: &mut [u8]) {
        bytes.fill(0);
    }
}

/// Recipes hold salts, which need not be printed.
impl std::fmt::Debug for Recipe {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.cost.fmt(out)
    }
}
