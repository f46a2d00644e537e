//! How much, and how many.

use std::time::Duration;

use metrics_exporter_prometheus::PrometheusBuilder;
use server::listener::ListenerSettings;

use super::{Listening, SHORT, patient};

#[tokio::test]
async fn the_router_learns_the_peer() {
    let listening = Listening::with(patient()).await;
    let mut peer = listening.connect().await;
    let address = peer.0.local_addr().expect("a connected socket");
    assert!(peer.get("/peer").await.ends_with(&address.to_string()));
}

#[tokio::test]
async fn too_many_headers_are_refused() {
    let listening = Listening::with(patient()).await;
    let mut peer = listening.connect().await;
    let flood = "a: b\r\n".repeat(101);
    peer.send(format!("GET / HTTP/1.1\r\n{flood}\r\n")).await;
    assert!(peer.rest().await.starts_with("HTTP/1.1 431 "));
    assert_eq!(listening.requests(), 0);
}

#[tokio::test]
async fn long_headers_are_refused_and_the_peer_learns_it() {
    let listening = Listening::with(patient()).await;
    for size in [17 * 1024, 64 * 1024, 200 * 1024] {
        let mut peer = listening.connect().await;
        let value = "x".repeat(size);
        let text = format!("GET / HTTP/1.1\r\nHost: a\r\nX-Long: {value}\r\n\r\n");
        peer.send(text).await;
        assert!(peer.rest().await.starts_with("HTTP/1.1 431 "), "{size}");
    }
    assert_eq!(listening.requests(), 0);
}

#[tokio::test]
async fn whoever_is_still_sending_is_not_reset_over_the_refusal() {
    let listening = Listening::with(patient()).await;
    let mut peer = listening.connect().await;
    peer.send("GET / HTTP/1.1\r\nHost: a\r\nX-Long: ").await;
    for _ in 0..5 {
        peer.send("x".repeat(20 * 1024)).await;
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert!(peer.rest().await.starts_with("HTTP/1.1 431 "));
}

#[tokio::test]
async fn headers_below_the_limit_pass() {
    let listening = Listening::with(patient()).await;
    let mut peer = listening.connect().await;
    let value = "x".repeat(15 * 1024);
    let text = format!("GET / HTTP/1.1\r\nHost: a\r\nX-Long: {value}\r\n\r\n");
    peer.send(text).await;
    assert!(peer.answer().await.starts_with("HTTP/1.1 200 "));
}

#[tokio::test]
async fn web_04_a_long_url_is_refused() {
    let listening = Listening::with(ListenerSettings { is_https: true, ..patient() }).await;
    let mut peer = listening.connect().await;
    let path = format!("/{}", "x".repeat(8 * 1024));
    let answer = peer.get(&path).await;
    assert!(answer.starts_with("HTTP/1.1 414 "));
    assert!(answer.contains("content-type: application/problem+json"));
    // WEB-04: as every other answer.
    for name in [
        "strict-transport-security",
        "x-content-type-options",
        "content-security-policy",
        "referrer-policy",
        "cross-origin-opener-policy",
        "cross-origin-resource-policy",
    ] {
        assert!(answer.contains(&format!("\r\n{name}: ")), "{name}: {answer}");
    }
    assert_eq!(listening.requests(), 0);

    let path = &path[..path.len() - 1];
    assert!(peer.get(path).await.starts_with("HTTP/1.1 200 "));
}

#[tokio::test]
async fn an_address_has_a_number_of_connections() {
    let listening =
        Listening::with(ListenerSettings { max_connections_per_address: 2, ..patient() }).await;
    let mut first = listening.connect().await;
    let mut second = listening.connect().await;
    first.get("/").await;
    second.get("/").await;
    let mut third = listening.connect().await;
    third.send_anyway(super::request("/")).await;
    assert_eq!(third.rest().await, "");
    assert!(second.get("/").await.ends_with("here"));
    assert_eq!(listening.requests(), 3);

    drop(first);
    // The listener learns of it in its own time.
    loop {
        let mut peer = listening.connect().await;
        peer.send_anyway("GET / HTTP/1.1\r\nConnection: close\r\n\r\n").await;
        if peer.rest().await.ends_with("here") {
            break;
        }
    }
}

#[tokio::test]
async fn over_all_connections_the_next_one_waits() {
    let listening = Listening::with(ListenerSettings { max_connections: 1, ..patient() }).await;
    let mut first = listening.connect().await;
    first.get("/").await;
    let mut second = listening.connect().await;
    second.send(super::request("/")).await;
    tokio::time::sleep(SHORT).await;
    assert_eq!(listening.requests(), 1);

    drop(first);
    assert!(second.answer().await.ends_with("here"));
}

#[tokio::test]
async fn what_reaches_no_router_is_counted() {
    let recorder = PrometheusBuilder::new().build_recorder();
    let metrics = recorder.handle();
    // The listener of a test runs on the thread of the test.
    let _counting = metrics::set_default_local_recorder(&recorder);
    let listening = Listening::with(patient()).await;
    let counts = |reason: &str| {
        let series = format!("vestibule_http_requests_refused_total{{reason=\"{reason}\"}} ");
        let text = metrics.render();
        let count = text.lines().find_map(|line| line.strip_prefix(&series));
        count.unwrap_or_else(|| panic!("no {series}in {text}")).to_owned()
    };
    listening.connect().await.get("/").await;
    let reasons = ["uri_too_long", "head_too_large", "malformed"];
    assert_eq!(reasons.map(counts), ["0"; 3].map(str::to_owned));
    let path = format!("/{}", "x".repeat(8 * 1024));
    listening.connect().await.get(&path).await;
    let many = format!("GET / HTTP/1.1\r\n{}\r\n", "a: b\r\n".repeat(101));
    for text in [many.as_str(), "nonsense\r\n\r\n", "GET / HTTP/1.1\r\nno header\r\n\r\n"] {
        let mut peer = listening.connect().await;
        peer.send(text).await;
        assert!(peer.rest().await.starts_with("HTTP/1.1 4"), "{text}");
    }
    assert_eq!(reasons.map(counts), ["1", "1", "2"].map(str::to_owned));
}
