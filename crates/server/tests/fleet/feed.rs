//! Resource servers that listen on two instances to what is revoked on the third.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use data_encoding::{BASE64, BASE64URL_NOPAD};
use serde_json::Value;

use super::{BOUND, Fleet, SignedIn};
use crate::process::eventually;
use crate::process::http::{Connection, Reply};

/// News may be held up by the machine, which is busy, not by the product: then it is asked again.
const ATTEMPTS: [&str; 3] = ["once", "twice", "thrice"];
/// Until a request that waits does wait.
const SETTLED: Duration = Duration::from_millis(300);
const STOPPED: Duration = Duration::from_secs(10);

/// A service that may follow the feed, as it proves itself.
struct Gateway {
    authorization: String,
}

/// Server-sent events as they came, with when they did.
#[derive(Clone, Default)]
struct Stream(Arc<Mutex<Heard>>);

#[derive(Default)]
struct Heard {
    text: String,
    /// How long the text was, and when.
    pieces: Vec<(usize, Instant)>,
    has_ended: bool,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ses_07_listeners_hear_of_a_logout_elsewhere_and_leave_with_their_instance() {
    let mut fleet = Fleet::start().await;
    let gateway = Gateway::create(&fleet);
    let (streaming, polled) = (fleet.instances[1].address, fleet.instances[2].address);
    let streams = [gateway.follow(streaming), gateway.follow(fleet.nginx.address)];

    let mut delays = Vec::new();
    for name in ATTEMPTS {
        delays.push(hear_of_a_logout(&fleet, &gateway, &streams, name));
        if delays.last() <= Some(&BOUND) {
            break;
        }
    }
    assert!(delays.last() <= Some(&BOUND), "{delays:?}");
    eprintln!("heard after {delays:?}");

    let since = gateway.next(polled);
    thread::scope(|scope| {
        let waiting = scope.spawn(|| gateway.poll(polled, &format!("?since={since}&wait=9")));
        thread::sleep(SETTLED);
        let asked_at = Instant::now();
        for instance in &mut fleet.instances[1..] {
            instance.terminate();
            assert_eq!(instance.ended().code(), Some(0), "{}", instance.log());
        }
        assert!(asked_at.elapsed() < STOPPED, "{:?}", asked_at.elapsed());
        let answer = waiting.join().expect("nobody panics").expect(200).json();
        assert_eq!(answer["next"], *since, "it was told that there is nothing new");
    });
    let heard = streams[0].0.lock().expect("no panic");
    assert!(heard.has_ended && heard.text.ends_with("0\r\n\r\n"), "a clean end: {}", heard.text);
}

/// How long it took until all knew; for ever, when the wait was over before.
fn hear_of_a_logout(fleet: &Fleet, gateway: &Gateway, streams: &[Stream], name: &str) -> Duration {
    let session = fleet.newcomer(name);
    let polled = fleet.instances[2].address;
    let since = gateway.next(polled);
    let (acknowledged_at, (answer, answered_at)) = thread::scope(|scope| {
        let waiting = scope.spawn(|| {
            let answer = gateway.poll(polled, &format!("?since={since}&wait=9"));
            (answer, Instant::now())
        });
        thread::sleep(SETTLED);
        let acknowledged_at = fleet.sign_out(&session);
        (acknowledged_at, waiting.join().expect("nobody panics"))
    });
    let session = session_of(&session);
    if !answer.expect(200).body.contains(&session) {
        return Duration::MAX;
    }
    let heard_at = |stream: &Stream| eventually("an event", || stream.heard(&session));
    let last = streams.iter().map(heard_at).fold(answered_at, Instant::max);
    last.saturating_duration_since(acknowledged_at)
}

/// The `sid` of the access token.
fn session_of(session: &SignedIn) -> String {
    let claims = session.access.split('.').nth(1).expect("a token of three parts");
    let claims = BASE64URL_NOPAD.decode(claims.as_bytes()).expect("base64");
    let claims: Value = serde_json::from_slice(&claims).expect("JSON");
    claims["sid"].as_str().expect("a session").to_owned()
}

impl Gateway {
    fn create(fleet: &Fleet) -> Self {
        let create = ["service", "create", "gateway", "--permission", "revocations:read", "--json"];
        let made = fleet.command(&create);
        let made: Value = serde_json::from_str(made.lines().next().expect("a line")).expect("JSON");
        let text = |name: &str| made[name].as_str().expect("a text").to_owned();
        let credentials = format!("{}:{}", text("client_id"), text("client_secret"));
        Self { authorization: format!("Basic {}", BASE64.encode(credentials.as_bytes())) }
    }

    fn request(&self, query: &str, accept: &str) -> String {
        format!(
            "GET /api/v1/revocations{query} HTTP/1.1\r\nHost: vestibule.test\r\nConnection: close\r\n\
             Accept: {accept}\r\nAuthorization: {}\r\n\r\n",
            self.authorization
        )
    }

    fn poll(&self, address: SocketAddr, query: &str) -> Reply {
        let mut connection = Connection::open(address).expect("it listens");
        connection.exchange(&self.request(query, "application/json")).expect("an answer")
    }

    /// Where the feed is now.
    fn next(&self, address: SocketAddr) -> String {
        let now = self.poll(address, "").expect(200).json();
        now["next"].as_str().expect("a cursor").to_owned()
    }

    /// Returns when the first event was there.
    fn follow(&self, address: SocketAddr) -> Stream {
        let mut connection = TcpStream::connect(address).expect("it listens");
        let request = self.request("", "text/event-stream");
        connection.write_all(request.as_bytes()).expect("it reads");
        let stream = Stream::default();
        let filled = stream.clone();
        thread::spawn(move || filled.fill(&mut connection));
        eventually("the first event", || stream.heard("event: revocations"));
        stream
    }
}

impl Stream {
    fn fill(&self, connection: &mut TcpStream) {
        let mut piece = [0; 4096];
        while let Ok(count @ 1..) = connection.read(&mut piece) {
            let mut heard = self.0.lock().expect("no panic");
            heard.text.push_str(&String::from_utf8_lossy(&piece[..count]));
            let length = heard.text.len();
            heard.pieces.push((length, Instant::now()));
        }
        self.0.lock().expect("no panic").has_ended = true;
    }

    /// When all of the words were there.
    fn heard(&self, words: &str) -> Option<Instant> {
        let heard = self.0.lock().expect("no panic");
        let end = heard.text.find(words)? + words.len();
        heard.pieces.iter().find(|(length, _)| *length >= end).map(|(_, at)| *at)
    }
}
