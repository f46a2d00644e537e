//! Messages of which two readers could disagree where they end (API-07).

use super::{Listening, patient};

/// Sends `text`, which must not leave a connection on which anything more is understood.
async fn answers(text: &str) -> (String, usize) {
    let listening = Listening::with(patient()).await;
    let mut peer = listening.connect().await;
    peer.send(text).await;
    let answers = peer.rest().await;
    (answers, listening.requests())
}

async fn assert_refused(text: &str) {
    let (answers, requests) = answers(text).await;
    assert!(answers.starts_with("HTTP/1.1 400 "), "{text:?} gave {answers:?}");
    assert_eq!(requests, 0, "{text:?}");
}

/// hyper follows RFC 9112 §6.1: the chunks count, and the connection ends with the answer.
#[tokio::test]
async fn both_lengths_end_the_connection_before_what_follows() {
    for lengths in [
        "Content-Length: 60\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding: chunked\r\nContent-Length: 60\r\n",
        "Content-Length: 5\r\nTransfer-Encoding: chunked\r\nContent-Length: 60\r\n",
    ] {
        let (answers, requests) = answers(&format!(
            "POST / HTTP/1.1\r\nHost: a\r\n{lengths}\r\n0\r\n\r\n\
             GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n"
        ))
        .await;
        assert_eq!(requests, 1, "{lengths:?}");
        assert!(!answers.contains("smuggled"), "{answers:?}");
    }
}

#[tokio::test]
async fn two_lengths_are_refused() {
    assert_refused(
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
    )
    .await;
    assert_refused("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5, 6\r\n\r\nhello").await;
    assert_refused("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: +5\r\n\r\nhello").await;
}

#[tokio::test]
async fn other_transfer_codings_are_refused() {
    assert_refused(
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
    )
    .await;
    assert_refused("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n")
        .await;
    assert_refused("POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n")
        .await;
}

#[tokio::test]
async fn bent_headers_are_refused() {
    assert_refused("GET / HTTP/1.1\r\nHost: a\r\nX-Long: one\r\n two\r\n\r\n").await;
    assert_refused("GET / HTTP/1.1\r\nHost: a\r\nContent-Length : 5\r\n\r\nhello").await;
    assert_refused("GET / HTTP/1.1\r\nHost: a\r\nX: a\0b\r\n\r\n").await;
    assert_refused("GET / HTTP/1.1\r\nHost: a\r\nX: a\rb\r\n\r\n").await;
}
