//! An instance that was stopped and goes on believes nothing that it remembers.

use std::thread;
use std::time::Duration;

use super::watch::Watch;
use super::{Fleet, ME};
use crate::process::http::{Connection, request};

/// Longer than anything is trusted.
const PAUSE: Duration = Duration::from_secs(3);
const WAITING: usize = 8;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ses_07_an_instance_that_was_paused_trusts_nothing_from_before() {
    let fleet = Fleet::start().await;
    let session = fleet.newcomer("ann");
    Watch::begin(&fleet, &session.access).finish();
    let paused = &fleet.instances[2];
    paused.signal("STOP");
    // The system takes connections and requests for it: it finds them before anything else.
    let read = request("GET", ME, Some(&session.access), "", "close");
    let mut waiting: Vec<Connection> = (0..WAITING)
        .map(|_| {
            let mut connection = Connection::open(paused.address).expect("the system takes it");
            connection.send(&read).expect("the system keeps it");
            connection
        })
        .collect();
    fleet.sign_out(&session);
    thread::sleep(PAUSE);
    paused.signal("CONT");
    for connection in &mut waiting {
        connection.receive().expect("an answer").expect(401);
    }
    paused.get(ME, Some(&session.access)).expect(401);
    fleet.stop();
}
