//! The same rules where one connection carries many requests.

use axum::body::Body;
use http::{Request, Response, StatusCode};
use http_body_util::BodyExt;
use hyper::body::Incoming;
use hyper::client::conn::http2;
use hyper_util::rt::{TokioExecutor, TokioIo};
use server::listener::{Drained, ListenerSettings};
use tokio::io::AsyncReadExt;
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio::time::timeout;

use super::{Listening, PATIENCE, Peer, SHORT, patient};

const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
const EMPTY_SETTINGS: &[u8] = &[0, 0, 0, 4, 0, 0, 0, 0, 0];

struct Client {
    requests: http2::SendRequest<Body>,
    connection: JoinSet<hyper::Result<()>>,
}

impl Client {
    async fn of(listening: &Listening) -> Self {
        let stream = TcpStream::connect(listening.address).await;
        let io = TokioIo::new(stream.expect("the listener accepts"));
        let mut builder = http2::Builder::new(TokioExecutor::new());
        builder.initial_stream_window_size(1024);
        let (requests, driver) = builder.handshake(io).await.expect("HTTP/2");
        let mut connection = JoinSet::new();
        connection.spawn(driver);
        Self { requests, connection }
    }

    fn get(&mut self, path: &str) -> impl Future<Output = hyper::Result<Response<Incoming>>> {
        let request = Request::get(format!("http://vestibule.test{path}"));
        let request = request.body(Body::empty()).expect("a request");
        self.requests.send_request(request)
    }

    async fn closed(&mut self) {
        let closed = timeout(PATIENCE, self.connection.join_next()).await;
        closed.expect("the listener closes the connection");
    }
}

async fn text(response: Response<Incoming>) -> String {
    let bytes = response.into_body().collect().await.expect("a whole body");
    String::from_utf8_lossy(&bytes.to_bytes()).into_owned()
}

#[tokio::test]
async fn requests_are_answered_and_the_url_is_limited() {
    let listening = Listening::with(patient()).await;
    let mut client = Client::of(&listening).await;
    let response = client.get("/").await.expect("an answer");
    assert_eq!(text(response).await, "here");
    let long = format!("/{}", "x".repeat(8 * 1024));
    let response = client.get(&long).await.expect("an answer");
    assert_eq!(response.status(), StatusCode::URI_TOO_LONG);
}

#[tokio::test]
async fn long_headers_are_refused() {
    let listening = Listening::with(patient()).await;
    let mut client = Client::of(&listening).await;
    let request = Request::get("http://vestibule.test/")
        .header("x-long", "x".repeat(17 * 1024))
        .body(Body::empty())
        .expect("a request");
    if let Ok(response) = client.requests.send_request(request).await {
        assert_eq!(response.status(), StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE);
    }
    assert_eq!(listening.requests(), 0);
}

#[tokio::test]
async fn a_greeting_without_a_request_is_closed() {
    let listening = Listening::with(ListenerSettings { header_timeout: SHORT, ..patient() }).await;
    let mut peer: Peer = listening.connect().await;
    peer.send([PREFACE, EMPTY_SETTINGS].concat()).await;
    let mut bytes = Vec::new();
    let read = timeout(PATIENCE, peer.0.read_to_end(&mut bytes)).await;
    let _ = read.expect("the listener closes the connection");
}

#[tokio::test]
async fn an_idle_connection_is_closed() {
    let listening = Listening::with(ListenerSettings { keep_alive: SHORT, ..patient() }).await;
    let mut client = Client::of(&listening).await;
    let response = client.get("/").await.expect("an answer");
    assert_eq!(text(response).await, "here");
    client.closed().await;
}

#[tokio::test]
async fn pings_do_not_make_an_idle_connection_a_slow_header() {
    let listening = Listening::with(ListenerSettings { header_timeout: SHORT, ..patient() }).await;
    let mut client = Client::of(&listening).await;
    client.get("/").await.expect("an answer");
    tokio::time::sleep(SHORT * 5).await;
    let response = client.get("/").await.expect("an answer");
    assert_eq!(text(response).await, "here");
}

#[tokio::test]
async fn a_stream_whose_window_stays_shut_is_dropped() {
    let listening = Listening::with(ListenerSettings { write_timeout: SHORT, ..patient() }).await;
    let mut client = Client::of(&listening).await;
    let unread = client.get("/flood").await.expect("the head of the answer");
    let over = timeout(PATIENCE, listening.seen.flood_over.notified()).await;
    over.expect("the answer is given up");
    client.closed().await;
    drop(unread);
}

#[tokio::test]
async fn a_stop_finishes_what_is_under_way() {
    let mut listening = Listening::with(patient()).await;
    let mut client = Client::of(&listening).await;
    let waiting = client.get("/wait");
    let release = async {
        listening.seen.begun.notified().await;
        listening.shutdown.cancel();
        tokio::time::sleep(SHORT).await;
        listening.seen.release.notify_one();
    };
    let (response, ()) = tokio::join!(waiting, release);
    let response = response.expect("an answer after the stop");
    assert_eq!(text(response).await, "waited");
    client.closed().await;
    assert_eq!(listening.stopped().await, Drained::Fully);
}
