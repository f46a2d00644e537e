//! Whoever neither speaks nor listens is let go.

use std::time::Duration;

use server::listener::ListenerSettings;
use tokio::io::AsyncReadExt;
use tokio::time::{sleep, timeout};

use super::{Listening, PATIENCE, SHORT, patient};

#[tokio::test]
async fn a_connection_that_says_nothing_is_closed() {
    let listening =
        Listening::with(ListenerSettings { first_byte_timeout: SHORT, ..patient() }).await;
    assert_eq!(listening.connect().await.rest().await, "");
}

#[tokio::test]
async fn half_a_header_is_closed() {
    let listening = Listening::with(ListenerSettings { header_timeout: SHORT, ..patient() }).await;
    let mut peer = listening.connect().await;
    peer.send("GET / HTTP/1.1\r\nHost: vest").await;
    assert_eq!(peer.rest().await, "");
    assert_eq!(listening.requests(), 0);
}

#[tokio::test]
async fn a_header_that_comes_byte_by_byte_is_closed() {
    let listening = Listening::with(ListenerSettings { header_timeout: SHORT, ..patient() }).await;
    let peer = listening.connect().await;
    let (mut reading, mut writing) = peer.0.into_split();
    let dribble = async {
        loop {
            let sent = tokio::io::AsyncWriteExt::write_all(&mut writing, b"x").await;
            if sent.is_err() {
                return;
            }
            sleep(Duration::from_millis(20)).await;
        }
    };
    let closed = async {
        let mut bytes = Vec::new();
        let _ = reading.read_to_end(&mut bytes).await;
    };
    let ended = timeout(PATIENCE, async {
        tokio::select! {
            () = dribble => {}
            () = closed => {}
        }
    });
    ended.await.expect("the listener closes the connection");
}

#[tokio::test]
async fn half_a_second_header_is_closed_too() {
    let listening = Listening::with(ListenerSettings { header_timeout: SHORT, ..patient() }).await;
    let mut peer = listening.connect().await;
    assert!(peer.get("/").await.ends_with("here"));
    peer.send("GET / HTTP/1.1\r\n").await;
    assert_eq!(peer.rest().await, "");
    assert_eq!(listening.requests(), 1);
}

#[tokio::test]
async fn half_a_header_right_behind_a_request_is_closed_too() {
    let listening =
        Listening::with(ListenerSettings { header_timeout: SHORT, keep_alive: SHORT, ..patient() })
            .await;
    let mut peer = listening.connect().await;
    peer.send("GET / HTTP/1.1\r\nHost: a\r\n\r\nGET / HTTP/1.1\r\n").await;
    assert!(peer.rest().await.ends_with("here"));
    assert_eq!(listening.requests(), 1);
}

#[tokio::test]
async fn an_idle_connection_is_closed() {
    let listening = Listening::with(ListenerSettings { keep_alive: SHORT, ..patient() }).await;
    let mut peer = listening.connect().await;
    assert!(peer.get("/").await.ends_with("here"));
    assert_eq!(peer.rest().await, "");
}

#[tokio::test]
async fn a_connection_may_be_idle_for_longer_than_a_header_may_take() {
    let listening = Listening::with(ListenerSettings {
        first_byte_timeout: SHORT,
        header_timeout: SHORT,
        ..patient()
    })
    .await;
    let mut peer = listening.connect().await;
    assert!(peer.get("/").await.ends_with("here"));
    sleep(SHORT * 4).await;
    assert!(peer.get("/").await.ends_with("here"));
}

#[tokio::test]
async fn an_answer_may_take_longer_than_the_peer_may() {
    let listening = Listening::with(ListenerSettings {
        first_byte_timeout: SHORT,
        header_timeout: SHORT,
        write_timeout: SHORT,
        keep_alive: SHORT,
        ..patient()
    })
    .await;
    let mut peer = listening.connect().await;
    peer.send(super::request("/wait")).await;
    sleep(SHORT * 4).await;
    listening.seen.release.notify_one();
    assert!(peer.answer().await.ends_with("waited"));
}

#[tokio::test]
async fn a_peer_that_does_not_read_is_dropped() {
    let listening = Listening::with(ListenerSettings { write_timeout: SHORT, ..patient() }).await;
    let mut peer = listening.connect().await;
    peer.send(super::request("/flood")).await;
    let over = timeout(PATIENCE, listening.seen.flood_over.notified()).await;
    over.expect("the answer is given up");
    peer.rest().await;
}

#[tokio::test]
async fn a_peer_that_reads_a_byte_at_a_time_is_dropped() {
    let listening = Listening::with(ListenerSettings { write_timeout: SHORT, ..patient() }).await;
    let mut peer = listening.connect().await;
    peer.send(super::request("/flood")).await;
    let reading = async {
        loop {
            if peer.0.read_u8().await.is_err() {
                return;
            }
            sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::select! {
        () = reading => {}
        over = timeout(PATIENCE, listening.seen.flood_over.notified()) => {
            over.expect("the answer is given up");
        }
    }
}
