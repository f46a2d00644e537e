//! Every instance restarted, one after the other, while nginx goes on reading and writing.

use std::collections::BTreeSet;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use super::{Fleet, ME};
use crate::process::http::call;
use crate::process::{eventually, registration};

const READERS: usize = 3;
const PAUSE: Duration = Duration::from_millis(5);
/// A change that was sent to an instance that goes is asked of no other. With each that goes this many at
/// most, of those that one writer sends.
const LOST_WITH_EACH: usize = 2;

/// Lets the readers and the writer end, however the test does.
struct End<'a>(&'a AtomicBool);

impl Drop for End<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::SeqCst);
    }
}

/// What became of the changes.
#[derive(Default)]
struct Written {
    acknowledged: Vec<String>,
    unanswered: Vec<String>,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn r_34_a_rolling_restart_fails_no_reader_and_loses_no_change() {
    let mut fleet = Fleet::with(&[("VESTIBULE_HTTP__SHUTDOWN_GRACE", "200ms")]).await;
    let session = fleet.newcomer("ann");
    let (door, stop) = (fleet.nginx.address, AtomicBool::new(false));
    let (served, failed) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    let written = Mutex::new(Written::default());
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
        let write = || {
            for name in (0..).map(|number| format!("writer{number}")) {
                if stop.load(Ordering::SeqCst) {
                    break;
                }
                let reply =
                    call(door, "POST", "/api/v1/auth/register", None, Some(&registration(&name)));
                let mut written = written.lock().expect("no panic");
                match reply {
                    Ok(reply) if reply.status == 201 => written.acknowledged.push(name),
                    Ok(reply) if [502, 503].contains(&reply.status) => {
                        assert!(reply.header("retry-after").is_some(), "{}", reply.head);
                        written.unanswered.push(name);
                    }
                    other => failed.lock().expect("no panic").push(other),
                }
            }
        };
        for _ in 0..READERS {
            scope.spawn(read);
        }
        scope.spawn(write);
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

    let Written { acknowledged, unanswered } = written.into_inner().expect("no panic");
    eprintln!("{} changes acknowledged, {} unanswered", acknowledged.len(), unanswered.len());
    assert!(unanswered.len() <= LOST_WITH_EACH * fleet.programs.len(), "{unanswered:?}");
    let dump = fleet.database.dump().await;
    let kept: BTreeSet<String> =
        dump.rows("users").iter().map(|row| row.text("username")).collect();
    let lost: Vec<_> = acknowledged.iter().filter(|name| !kept.contains(*name)).collect();
    assert!(!acknowledged.is_empty() && lost.is_empty(), "{lost:?}");
    fleet.stop();
}

/// Waits until some more requests were served.
fn some_more(served: &AtomicUsize) {
    let goal = served.load(Ordering::SeqCst) + 50;
    eventually("requests that are served", || {
        (served.load(Ordering::SeqCst) >= goal).then_some(())
    });
}
