//! The threads that hash, and the short line in front of them.
//!
//! What cannot be done in time is refused before it begins, and what nobody waits for any
//! more is not begun.

use std::collections::VecDeque;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use domain::Password;
use metrics::Gauge;
use tokio::sync::oneshot;

use super::arena::Arena;
use super::recipe::Recipe;
use crate::measures;

/// Places in the line for each thread.
pub(super) const LINE_PER_THREAD: usize = 8;

/// What a thread does with a job; `None` when it cannot be done.
type Compute = dyn Fn(&Recipe, &mut Arena, &Password) -> Option<Vec<u8>> + Send + Sync;

pub(super) struct Pool(Arc<Shared>);

/// Why a job was not done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NoAnswer {
    Overloaded,
    Stopped,
}

struct Shared {
    line: Mutex<Line>,
    arrived: Condvar,
    threads: usize,
    max_wait: Duration,
    compute: Box<Compute>,
}

struct Line {
    waiting: VecDeque<Job>,
    /// Threads that hash for somebody.
    busy: u32,
    /// Moving average of what a job took.
    cost: Option<Duration>,
    stopped: bool,
    told: Told,
}

/// Looked up once: it is told by whoever holds the line, while all others wait.
struct Told {
    waiting: Gauge,
    busy: Gauge,
}

struct Job {
    arrived_at: Instant,
    recipe: Recipe,
    password: Password,
    answer: oneshot::Sender<Option<Vec<u8>>>,
}

impl Pool {
    /// Each thread computes `usual` once before it takes jobs: that touches its memory and tells
    /// what a job costs.
    pub(super) fn start(
        threads: usize,
        max_wait: Duration,
        usual: &Recipe,
        compute: impl Fn(&Recipe, &mut Arena, &Password) -> Option<Vec<u8>> + Send + Sync + 'static,
    ) -> io::Result<Self> {
        let told = Told {
            waiting: metrics::gauge!(measures::HASH_QUEUE_DEPTH),
            busy: metrics::gauge!(measures::HASH_BUSY_THREADS),
        };
        let line = Line { waiting: VecDeque::new(), busy: 0, cost: None, stopped: false, told };
        let threads_told = u32::try_from(threads).unwrap_or(u32::MAX);
        metrics::gauge!(measures::HASH_THREADS).set(threads_told);
        let pool = Self(Arc::new(Shared {
            line: Mutex::new(line),
            arrived: Condvar::new(),
            threads,
            max_wait,
            compute: Box::new(compute),
        }));
        for index in 0..threads {
            let shared = Arc::clone(&pool.0);
            let usual = usual.clone();
            thread::Builder::new()
                .name(format!("hash-{index}"))
                .spawn(move || shared.work(&usual))?;
        }
        Ok(pool)
    }

    /// `Ok(None)` when the computation itself failed.
    pub(super) async fn compute(
        &self,
        recipe: Recipe,
        password: Password,
    ) -> Result<Option<Vec<u8>>, NoAnswer> {
        let (answer, answered) = oneshot::channel();
        self.0.take(Job { arrived_at: Instant::now(), recipe, password, answer })?;
        answered.await.map_err(|_| NoAnswer::Stopped)
    }

    pub(super) fn stop(&self) {
        let mut line = self.0.line();
        line.stopped = true;
        line.waiting.clear();
        line.report();
        self.0.arrived.notify_all();
    }
}

impl Drop for Pool {
    fn drop(&mut self) {
        self.stop();
    }
}

impl Shared {
    /// Lets the job into the line, or refuses it.
    fn take(&self, job: Job) -> Result<(), NoAnswer> {
        let mut line = self.line();
        if line.stopped {
            return Err(NoAnswer::Stopped);
        }
        if !self.has_room(&line) {
            line.waiting.retain(|job| !job.answer.is_closed());
        }
        let has_room = self.has_room(&line);
        if has_room {
            line.waiting.push_back(job);
            self.arrived.notify_one();
        } else {
            metrics::counter!(measures::HASH_SHED).increment(1);
        }
        line.report();
        if has_room { Ok(()) } else { Err(NoAnswer::Overloaded) }
    }

    fn has_room(&self, line: &Line) -> bool {
        let ahead = u32::try_from(line.waiting.len()).unwrap_or(u32::MAX);
        let threads = u32::try_from(self.threads).unwrap_or(u32::MAX);
        let expected = line.cost.unwrap_or_default().saturating_mul(ahead) / threads;
        line.waiting.len() < LINE_PER_THREAD * self.threads && expected <= self.max_wait
    }

    /// What a thread does all its life.
    fn work(&self, usual: &Recipe) {
        let mut arena = Arena::new(usual.blocks());
        self.run(usual, &mut arena, &Password::new(""));
        while let Some(Job { arrived_at, recipe, password, answer }) = self.next() {
            metrics::histogram!(measures::HASH_WAIT_SECONDS).record(arrived_at.elapsed());
            let output = self.run(&recipe, &mut arena, &password);
            self.line().finish();
            // An error only says that the caller went away in the meantime.
            drop(answer.send(output));
        }
    }

    /// The next job that somebody still waits for.
    fn next(&self) -> Option<Job> {
        let mut line = self.line();
        loop {
            while let Some(job) = line.waiting.pop_front() {
                if !job.answer.is_closed() {
                    line.busy += 1;
                    line.report();
                    return Some(job);
                }
            }
            line.report();
            if line.stopped {
                return None;
            }
            line = self.arrived.wait(line).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// A panic ends this computation and nothing else (API-15): the arena holds no state between
    /// computations that one could leave broken.
    fn run(&self, recipe: &Recipe, arena: &mut Arena, password: &Password) -> Option<Vec<u8>> {
        let scheme = recipe.cost.name();
        let started = Instant::now();
        let output = catch_unwind(AssertUnwindSafe(|| (self.compute)(recipe, arena, password)));
        let took = started.elapsed();
        metrics::histogram!(measures::HASH_SECONDS, "scheme" => scheme).record(took);
        self.line().learn(took);
        output.unwrap_or_else(|_| {
            tracing::error!(scheme, "hashing a password panicked");
            None
        })
    }

    fn line(&self) -> MutexGuard<'_, Line> {
        self.line.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Line {
    fn learn(&mut self, took: Duration) {
        self.cost = Some(self.cost.map_or(took, |cost| (cost * 7 + took) / 8));
    }

    /// A thread has hashed what it took.
    fn finish(&mut self) {
        self.busy -= 1;
        self.report();
    }

    fn report(&self) {
        let waiting = u32::try_from(self.waiting.len()).unwrap_or(u32::MAX);
        self.told.waiting.set(waiting);
        self.told.busy.set(self.busy);
    }
}
