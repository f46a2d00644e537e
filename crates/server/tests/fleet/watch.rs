//! Somebody who asks again and again with one token, at every door, and remembers the answers.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use super::{BOUND, Fleet, ME};
use crate::process::eventually;
use crate::process::http::call;
use crate::process::program::Running;

/// What an instance must have answered from memory before it counts as warm.
const WARM: u64 = 5;
/// So many answers must have been asked for after the bound, at each door.
const LATE: usize = 5;
const PAUSE: Duration = Duration::from_millis(10);

/// One door, and what was answered there.
struct Door {
    address: SocketAddr,
    answers: Mutex<Vec<Answer>>,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Answer {
    /// Before anything of the request was sent.
    began: Instant,
    /// None: no answer came.
    status: Option<u16>,
}

pub(super) struct Watch {
    doors: Arc<[Door]>,
    stop: Arc<AtomicBool>,
    threads: Vec<JoinHandle<()>>,
}

impl Watch {
    /// Returns when every instance answers from memory.
    pub(super) fn begin(fleet: &Fleet, token: &str) -> Self {
        let cold: Vec<u64> = fleet.instances.iter().map(Running::answered_from_memory).collect();
        let open = |address| Door { address, answers: Mutex::default() };
        let doors: Arc<[Door]> = fleet.doors().into_iter().map(open).collect();
        let stop = Arc::new(AtomicBool::new(false));
        let knock = |index: usize| {
            let (doors, stop, token) = (Arc::clone(&doors), Arc::clone(&stop), token.to_owned());
            thread::spawn(move || knock(&doors[index], &token, &stop))
        };
        let threads = (0..doors.len()).map(knock).collect();
        let watch = Self { doors, stop, threads };
        for (instance, cold) in fleet.instances.iter().zip(cold) {
            eventually("an answer from memory", || {
                (instance.answered_from_memory() >= cold + WARM).then_some(())
            });
        }
        watch
    }

    /// Asks on until well after the bound, and proves that no request was let in that began later
    /// than the bound after `acknowledged_at`; at the door `by`, none that began after it at all.
    /// For how long somebody was still let in.
    #[track_caller]
    pub(super) fn expect_end(
        self,
        what: &str,
        acknowledged_at: Instant,
        by: Option<usize>,
    ) -> Duration {
        let bound = acknowledged_at + BOUND;
        eventually("answers after the bound", || {
            self.doors.iter().all(|door| door.count_after(bound) >= LATE).then_some(())
        });
        let mut longest = Duration::ZERO;
        for (index, answers) in self.finish().into_iter().enumerate() {
            // Who is blocked is told so: 403.
            let outlandish =
                answers.iter().find(|one| !matches!(one.status, Some(200 | 401 | 403)));
            assert!(outlandish.is_none(), "{what}: at door {index}, {outlandish:?}");
            let let_in = || answers.iter().filter(|answer| answer.status == Some(200));
            assert!(let_in().any(|answer| answer.began < acknowledged_at), "{what}: never in");
            let last = let_in().map(|answer| answer.began).max().unwrap_or(acknowledged_at);
            let lived = last.saturating_duration_since(acknowledged_at);
            let bound = if by == Some(index) { Duration::ZERO } else { BOUND };
            assert!(lived <= bound, "{what}: at door {index} a request was let in {lived:?} later");
            longest = longest.max(lived);
        }
        longest
    }

    /// Stops asking; what was answered at each door.
    pub(super) fn finish(mut self) -> Vec<Vec<Answer>> {
        self.stop.store(true, Ordering::SeqCst);
        for thread in self.threads.drain(..) {
            thread.join().expect("nobody panics");
        }
        self.doors.iter().map(|door| door.answers.lock().expect("no panic").clone()).collect()
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::SeqCst);
    }
}

impl Door {
    fn count_after(&self, moment: Instant) -> usize {
        let answers = self.answers.lock().expect("no panic");
        answers.iter().rev().take_while(|answer| answer.began > moment).count()
    }
}

fn knock(door: &Door, token: &str, stop: &AtomicBool) {
    while !stop.load(Ordering::SeqCst) {
        let began = Instant::now();
        let status =
            call(door.address, "GET", ME, Some(token), None).ok().map(|reply| reply.status);
        door.answers.lock().expect("no panic").push(Answer { began, status });
        thread::sleep(PAUSE);
    }
}
