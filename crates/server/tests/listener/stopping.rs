//! A stop loses no answer and lasts no longer than it may.

use server::listener::{Drained, ListenerSettings};
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::{Listening, PATIENCE, SHORT, patient};

#[tokio::test]
async fn a_stop_finishes_what_is_under_way_and_takes_nobody_new() {
    let mut listening = Listening::with(patient()).await;
    let mut peer = listening.connect().await;
    peer.send(super::request("/wait")).await;
    listening.seen.begun.notified().await;

    listening.shutdown.cancel();
    let refusing = async {
        while TcpStream::connect(listening.address).await.is_ok() {
            tokio::task::yield_now().await;
        }
    };
    let refused = timeout(PATIENCE, refusing).await;
    refused.expect("nobody new is taken");

    listening.seen.release.notify_one();
    let answer = peer.rest().await;
    assert!(answer.ends_with("waited"), "{answer:?}");
    assert!(answer.contains("connection: close"), "{answer:?}");
    assert_eq!(listening.stopped().await, Drained::Fully);
}

#[tokio::test]
async fn a_request_already_on_its_way_is_answered_after_the_stop() {
    let mut listening =
        Listening::with(ListenerSettings { idle_grace: PATIENCE, ..patient() }).await;
    let mut used = listening.connect().await;
    used.get("/").await;
    let mut fresh = listening.connect().await;

    listening.shutdown.cancel();
    tokio::time::sleep(SHORT).await;
    for peer in [&mut used, &mut fresh] {
        peer.send(super::request("/")).await;
        let answer = peer.rest().await;
        assert!(answer.ends_with("here"), "{answer:?}");
        assert!(answer.contains("connection: close"), "{answer:?}");
    }
    drop((used, fresh));
    assert_eq!(listening.stopped().await, Drained::Fully);
}

#[tokio::test]
async fn idle_connections_do_not_hold_up_the_stop() {
    let mut listening = Listening::with(patient()).await;
    let mut used = listening.connect().await;
    used.get("/").await;
    let mut silent = listening.connect().await;

    listening.shutdown.cancel();
    assert_eq!(used.rest().await, "");
    assert_eq!(silent.rest().await, "");
    drop((used, silent));
    assert_eq!(listening.stopped().await, Drained::Fully);
}

#[tokio::test]
async fn an_answer_that_does_not_come_is_cut() {
    let mut listening = Listening::with(ListenerSettings { drain: SHORT, ..patient() }).await;
    let mut peer = listening.connect().await;
    peer.send(super::request("/wait")).await;
    listening.seen.begun.notified().await;

    listening.shutdown.cancel();
    assert_eq!(listening.stopped().await, Drained::Cut(1));
    assert_eq!(peer.rest().await, "");
}
