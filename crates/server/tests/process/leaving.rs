//! Clients that leave before they are answered.

use std::io::Write;
use std::net::{Shutdown, TcpStream};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use testkit::PASSWORD;

use super::http::request;
use super::{Program, Running, eventually};

const CROWD: usize = 8;

/// One thread hashes, slowly; each client asks for an account of its own.
fn slow() -> Running {
    let mut running = Program::new()
        .with("VESTIBULE_PASSWORDS__THREADS", "1")
        .with("VESTIBULE_PASSWORDS__MEMORY_KIB", "65536")
        .with("VESTIBULE_PASSWORDS__ITERATIONS", "4")
        .with("VESTIBULE_PASSWORDS__MAX_WAIT", "30s")
        .launch();
    running.wait_until_ready();
    running
}

fn crowd(running: &Running) -> Vec<TcpStream> {
    let client = |n: usize| {
        let body = json!({ "identifier": format!("nobody{n}"), "password": PASSWORD });
        let text = request("POST", "/api/v1/auth/login", None, &body.to_string(), "close");
        let mut stream = TcpStream::connect(running.address).expect("a connection");
        stream.write_all(text.as_bytes()).expect("sent");
        stream
    };
    (0..CROWD).map(client).collect()
}

/// Until as many stand in line as they should.
fn wait_for(running: &Running, is_so: impl Fn(usize) -> bool) {
    let waiting = || measured(running, "vestibule_hash_queue_depth");
    eventually("the line", || is_so(waiting()).then_some(()));
}

fn measured(running: &Running, name: &str) -> usize {
    let metrics = running.get("/metrics", None).expect(200).body;
    let lines = metrics.lines().filter(|line| line.starts_with(name));
    lines.filter_map(|line| line.rsplit(' ').next()?.parse::<usize>().ok()).sum()
}

#[test]
fn r_25_what_nobody_waits_for_is_not_hashed() {
    let running = slow();
    let before = measured(&running, "vestibule_hash_seconds_count");
    let clients = crowd(&running);
    wait_for(&running, |waiting| waiting >= CROWD - 3);
    for client in &clients {
        client.shutdown(Shutdown::Both).expect("gone");
    }
    drop(clients);
    wait_for(&running, |waiting| waiting == 0);
    // Who comes now waits for nobody of them.
    running
        .post("/api/v1/auth/login", &json!({ "identifier": "late", "password": PASSWORD }))
        .expect(401);
    let hashed = measured(&running, "vestibule_hash_seconds_count") - before;
    assert!(hashed < CROWD, "{hashed} of {CROWD} and one");
}

/// Who hangs up is not seen in any answer, and an overload is when most do.
#[test]
fn whoever_leaves_is_counted_and_told_of_with_the_time_it_took() {
    let running = slow();
    let clients = crowd(&running);
    wait_for(&running, |waiting| waiting >= CROWD - 3);
    for client in &clients {
        client.shutdown(Shutdown::Both).expect("gone");
    }
    drop(clients);
    let gone = "vestibule_http_requests_total{method=\"POST\",route=\"/api/v1/auth/login\",\
                surface=\"native\",status=\"499\"}";
    let counted =
        eventually("those who left", || Some(measured(&running, gone)).filter(|n| *n > 0));
    let log = running.stop();
    let lines: Vec<Value> =
        log.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
    let told: Vec<_> = lines.iter().filter(|line| line["status"] == 499).collect();
    // Whoever was at the head of the line may have been answered into the void.
    assert!(told.len() >= counted && told.len() <= CROWD, "{counted} were counted: {log}");
    for line in told {
        assert!(line["milliseconds"].as_f64() > Some(0.0), "{line}");
        assert_eq!(
            (&line["message"], &line["route"]),
            (&json!("request"), &json!("/api/v1/auth/login"))
        );
        assert!(line["request_id"].as_str().is_some_and(|id| !id.is_empty()), "{line}");
    }
}

/// what needs no hash does not wait behind those who do.
#[test]
fn r_23_what_is_cheap_stays_quick_while_hashes_queue() {
    let running = slow();
    let hashed_one = took(|| {
        let body = json!({ "identifier": "nobody", "password": PASSWORD });
        running.post("/api/v1/auth/login", &body).expect(401);
    });
    let clients = crowd(&running);
    wait_for(&running, |waiting| waiting >= CROWD - 3);
    let cheap = took(|| {
        for _ in 0..5 {
            running.get("/.well-known/jwks.json", None).expect(200);
        }
    });
    assert!(measured(&running, "vestibule_hash_queue_depth") >= 1, "they wait still");
    // In line it would have taken as long as several hashes.
    assert!(cheap / 5 < hashed_one, "{cheap:?} for five, a hash takes {hashed_one:?}");
    drop(clients);
}

fn took(work: impl FnOnce()) -> Duration {
    let started = Instant::now();
    work();
    started.elapsed()
}
