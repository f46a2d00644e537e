//! SIGTERM under load drops nobody.

use std::io;
use std::net::SocketAddr;
use std::sync::Mutex;
use std::thread;
use std::time::{Duration, Instant};

use testkit::Database;

use super::http::{Connection, request};
use super::{Program, access, eventually, login};

/// How the requests of a client ended.
#[derive(Debug, Default)]
struct Counts {
    answered: usize,
    /// Sent, and no whole answer came back.
    broken: Vec<String>,
    unready: usize,
    /// Answered although readiness was false already.
    answered_after_unready: usize,
}

testkit::on_every_backend!(Database::fresh => r_34_a_stop_under_load_drops_nobody);

async fn r_34_a_stop_under_load_drops_nobody(database: Database) {
    let program = Program::new()
        .with("VESTIBULE_DATABASE__URL", &database.url)
        .with("VESTIBULE_HTTP__SHUTDOWN_GRACE", "1s");
    let mut running = program.start();
    // Two accounts: who signs in without end pushes out older sessions of the same.
    running.register("ann").expect(201);
    running.register("bob").expect(201);
    let token = access(&running.sign_in("bob"));
    let counts = Mutex::new(Counts::default());
    let started = thread::scope(|scope| {
        let (address, counts, token) = (running.address, &counts, token.as_str());
        let login = login("ann").to_string();
        let sign_in = request("POST", "/api/v1/auth/login", None, &login, "close");
        let read = |how| request("GET", "/api/v1/users/current", Some(token), "", how);
        for load in [sign_in.clone(), sign_in, read("close"), read("close")] {
            scope.spawn(move || knock(address, counts, &load));
        }
        for load in [read("keep-alive"), read("keep-alive")] {
            scope.spawn(move || stay(address, counts, &load));
        }
        eventually("load", || (counts.lock().expect("no panic").answered > 50).then_some(()));
        running.terminate();
        let started = Instant::now();
        scope.spawn(move || watch(address, counts));
        started
    });
    let status = running.ended();
    assert_eq!(status.code(), Some(0), "{}", running.log());
    assert!(started.elapsed() < Duration::from_secs(30), "{:?}", started.elapsed());
    let counts = counts.into_inner().expect("no panic");
    assert!(counts.broken.is_empty(), "{:?}", counts.broken);
    assert!(counts.unready > 0, "readiness is false first: {counts:?}");
    assert!(counts.answered_after_unready > 0, "and requests are still taken: {counts:?}");
    let last = running.log();
    assert!(last.lines().last().is_some_and(|line| line.contains("\"stopped\"")), "{last}");
}

#[test]
fn without_a_grace_it_stops_at_once() {
    let running = Program::new().start();
    let started = Instant::now();
    running.stop();
    assert!(started.elapsed() < Duration::from_secs(10), "{:?}", started.elapsed());
}

/// A connection for each request, through a balancer that needs a while to turn away.
fn knock(address: SocketAddr, counts: &Mutex<Counts>, load: &str) {
    const LATE: usize = 10;
    while counts.lock().expect("no panic").unready < LATE {
        let reply = Connection::open(address).and_then(|mut open| open.exchange(load));
        note(counts, reply.map(|reply| reply.status));
    }
}

/// As many requests on a connection as it takes, until the server says that it closes.
fn stay(address: SocketAddr, counts: &Mutex<Counts>, load: &str) {
    let mut connection = Connection::open(address).expect("it listens");
    loop {
        let reply = connection.exchange(load);
        let is_last = match &reply {
            Ok(reply) => reply.header("connection") == Some("close"),
            Err(_) => true,
        };
        note(counts, reply.map(|reply| reply.status));
        if is_last {
            return;
        }
    }
}

/// As a load balancer does.
fn watch(address: SocketAddr, counts: &Mutex<Counts>) {
    let ask = request("GET", "/readyz", None, "", "close");
    while let Ok(mut connection) = Connection::open(address) {
        let Ok(reply) = connection.exchange(&ask) else { continue };
        if reply.status == 503 {
            counts.lock().expect("no panic").unready += 1;
        }
        thread::sleep(Duration::from_millis(20));
    }
}

fn note(counts: &Mutex<Counts>, status: io::Result<u16>) {
    let mut counts = counts.lock().expect("no panic");
    match status {
        Ok(200) => {}
        Ok(status) => counts.broken.push(format!("answered {status}")),
        Err(error) => counts.broken.push(error.to_string()),
    }
    counts.answered += 1;
    counts.answered_after_unready += usize::from(counts.unready > 0);
}
