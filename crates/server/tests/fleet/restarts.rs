//! Every instance restarted, one after the other, while nginx goes on reading.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use super::{Fleet, ME};
use crate::process::eventually;
use crate::process::http::call;

const READERS: usize = 3;
const PAUSE: Duration = Duration::from_millis(5);

/// Lets the readers end, however the test does.
struct End<'a>(&'a AtomicBool);

impl Drop for End<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::SeqCst);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn r_34_a_rolling_restart_fails_no_reader() {
    let mut fleet = Fleet::with(&[("VESTIBULE_HTTP__SHUTDOWN_GRACE", "200ms")]).await;
    let session = fleet.newcomer("ann");
    let (door, stop) = (fleet.nginx.address, AtomicBool::new(false));
    let (served, failed) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    thread::scope(|scope| {
        let read = || {
            while !stop.load(Ordering::SeqCst) {
                match call(door, "GET", ME, Some(&session.access), None) {
                    Ok(reply) if reply.status == 200 => drop(served.fetch_add(1, Ordering::SeqCst)),
                    other => failed.lock().expect("no panic").push(other),
                }
                thread::sleep(PAUSE);
            }
        };
        for _ in 0..READERS {
            scope.spawn(read);
        }
        let _end = End(&stop);
        for (instance, program) in fleet.instances.iter_mut().zip(&fleet.programs) {
            some_more(&served);
            instance.terminate();
            assert_eq!(instance.ended().code(), Some(0), "{}", instance.log());
            some_more(&served);
            *instance = program.start();
        }
        some_more(&served);
    });
    let failed = failed.into_inner().expect("no panic");
    assert!(failed.is_empty(), "{} of {served:?}: {:?}", failed.len(), failed.first());
    fleet.stop();
}

/// Waits until some more requests were served.
fn some_more(served: &AtomicUsize) {
    let goal = served.load(Ordering::SeqCst) + 50;
    eventually("requests that are served", || {
        (served.load(Ordering::SeqCst) >= goal).then_some(())
    });
}
