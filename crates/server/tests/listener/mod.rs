//! The listener over real sockets: what it refuses, whom it drops, how it stops.
//!
//! Limits are short here and waits long; a test asks what happened, never when exactly.
#![expect(clippy::expect_used, reason = "a test fails by panicking")]

mod certificates;
mod framing;
mod http2;
mod limits;
mod stopping;
mod timeouts;
mod tls;

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{ConnectInfo, State};
use axum::http::Uri;
use axum::routing::{any, get};
use futures_util::stream;
use server::listener::{Drained, ListenerSettings, serve};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use tokio::task::JoinSet;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

/// What a test waits for comes in milliseconds; this is only for the case that it never comes.
const PATIENCE: Duration = Duration::from_secs(20);
const SHORT: Duration = Duration::from_millis(200);
const LONG: Duration = Duration::from_hours(1);

/// Nothing runs out unless the test says so.
fn patient() -> ListenerSettings {
    ListenerSettings {
        first_byte_timeout: LONG,
        header_timeout: LONG,
        write_timeout: LONG,
        keep_alive: LONG,
        idle_grace: SHORT,
        drain: PATIENCE,
        ..ListenerSettings::default()
    }
}

#[derive(Clone, Default)]
struct Seen {
    /// Requests that reached the router.
    requests: Arc<AtomicUsize>,
    /// `/wait` or `/large` has begun.
    begun: Arc<Notify>,
    /// Lets `/wait` answer.
    release: Arc<Notify>,
    /// `/flood` has ended, by its end or its peer's.
    flood_over: Arc<Notify>,
}

struct Listening {
    address: SocketAddr,
    seen: Seen,
    shutdown: CancellationToken,
    running: JoinSet<Drained>,
}

impl Listening {
    async fn with(settings: ListenerSettings) -> Self {
        Self::on(TcpListener::bind("127.0.0.1:0").await.expect("a free port"), settings)
    }

    fn on(listener: TcpListener, settings: ListenerSettings) -> Self {
        let address = listener.local_addr().expect("a bound socket");
        let shutdown = CancellationToken::new();
        let seen = Seen::default();
        let mut running = JoinSet::new();
        running.spawn(serve(listener, router(seen.clone()), settings, shutdown.clone()));
        Self { address, seen, shutdown, running }
    }

    async fn connect(&self) -> Peer {
        let stream = TcpStream::connect(self.address).await;
        Peer(stream.expect("the listener accepts"))
    }

    async fn stopped(&mut self) -> Drained {
        let ended = timeout(PATIENCE, self.running.join_next()).await;
        ended.expect("the listener stops").expect("it was running").expect("it does not panic")
    }

    fn requests(&self) -> usize {
        self.seen.requests.load(Ordering::SeqCst)
    }
}

/// One end of a connection, with the bytes in our own hand.
struct Peer(TcpStream);

impl Peer {
    async fn send(&mut self, text: impl AsRef<[u8]>) {
        let sent = timeout(PATIENCE, self.0.write_all(text.as_ref())).await;
        sent.expect("the listener reads").expect("the connection is open");
    }

    /// Sends as long as the other side lets us.
    async fn send_anyway(&mut self, text: impl AsRef<[u8]>) {
        let sent = timeout(PATIENCE, self.0.write_all(text.as_ref())).await;
        let _ = sent.expect("the listener reads or closes");
    }

    /// Everything until the listener closes. A reset counts as closing.
    async fn rest(&mut self) -> String {
        let mut bytes = Vec::new();
        let read = timeout(PATIENCE, self.0.read_to_end(&mut bytes)).await;
        let _ = read.expect("the listener closes the connection");
        String::from_utf8_lossy(&bytes).into_owned()
    }

    /// One answer with a `Content-Length`; the connection stays open.
    async fn answer(&mut self) -> String {
        let mut text = String::new();
        while !is_whole(&text) {
            let mut bytes = [0; 4096];
            let read = timeout(PATIENCE, self.0.read(&mut bytes)).await;
            let count = read.expect("an answer").expect("an open connection");
            assert_ne!(count, 0, "closed in the middle of {text:?}");
            text.push_str(&String::from_utf8_lossy(&bytes[..count]));
        }
        text
    }

    async fn get(&mut self, path: &str) -> String {
        self.send(request(path)).await;
        self.answer().await
    }
}

fn request(path: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nHost: vestibule.test\r\n\r\n")
}

fn is_whole(text: &str) -> bool {
    let Some((head, body)) = text.split_once("\r\n\r\n") else {
        return false;
    };
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length: "))
        .expect("a content length");
    body.len() >= length.parse().expect("a number")
}

fn router(seen: Seen) -> Router {
    Router::new()
        .route("/", any(|| async { "here" }))
        .route("/peer", get(peer))
        .route("/wait", get(wait))
        .route("/flood", get(flood))
        .route("/large", get(large))
        // Fits into what TLS keeps, and not into the smallest buffers of two sockets.
        .route("/small", get(|| async { vec![b'x'; 56 * 1024] }))
        .fallback(async |uri: Uri| uri.to_string())
        .layer(axum::middleware::from_fn_with_state(seen.clone(), count))
        .with_state(seen)
}

async fn count(
    State(seen): State<Seen>,
    request: axum::extract::Request,
    next: axum::middleware::Next,
) -> axum::response::Response {
    seen.requests.fetch_add(1, Ordering::SeqCst);
    next.run(request).await
}

async fn peer(ConnectInfo(peer): ConnectInfo<SocketAddr>) -> String {
    peer.to_string()
}

async fn wait(State(seen): State<Seen>) -> &'static str {
    seen.begun.notify_one();
    seen.release.notified().await;
    "waited"
}

/// An answer that no buffer holds.
async fn large(State(seen): State<Seen>) -> Vec<u8> {
    seen.begun.notify_one();
    vec![b'x'; 16 * 1024 * 1024]
}

/// An answer without an end.
async fn flood(State(seen): State<Seen>) -> Body {
    struct Over(Arc<Notify>);
    impl Drop for Over {
        fn drop(&mut self) {
            self.0.notify_one();
        }
    }
    let over = Over(seen.flood_over);
    let piece = Bytes::from("x".repeat(64 * 1024));
    Body::from_stream(stream::repeat_with(move || {
        let _held = &over;
        Ok::<_, std::io::Error>(piece.clone())
    }))
}
