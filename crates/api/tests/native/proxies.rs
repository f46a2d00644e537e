//! Whose address is stored (LGN-07).

use std::net::IpAddr;

use serde_json::json;
use testkit::{App, Call, PASSWORD, access_token};

use super::support::{LOGIN, any, any_with};

/// The address of the session that this sign-in opens.
async fn seen(app: &App, change: impl FnOnce(Call) -> Call) -> Option<String> {
    let body = json!({ "identifier": "ann", "password": PASSWORD });
    let pair = change(app.post(LOGIN, &body)).send().await.expect(200).json();
    let claims = super::forge::Parts::of(&access_token(&pair)).claims;
    let sid = claims["sid"].as_str().and_then(|sid| sid.parse().ok()).expect("a session");
    let mut read = app.database.store.read().await.expect("a connection");
    let session = storage::sessions::find(&mut read, domain::SessionId(sid)).await;
    session.expect("it is read").expect("a session").address
}

fn ip(text: &str) -> IpAddr {
    text.parse().expect("an address")
}

#[tokio::test]
async fn strangers_do_not_say_who_they_are() {
    let app = any().await;
    app.register("ann").await;
    let long = "1.2.3.4, ".repeat(900);
    for (name, value) in [
        ("x-forwarded-for", "203.0.113.9"),
        ("x-forwarded-for", "a"),
        ("x-forwarded-for", &long),
        ("x_forwarded_for", "203.0.113.9"),
        ("forwarded", "for=203.0.113.9"),
        ("x-real-ip", "203.0.113.9"),
        ("true-client-ip", "203.0.113.9"),
        ("cf-connecting-ip", "203.0.113.9"),
    ] {
        let address = seen(&app, |call| call.header(name, value)).await;
        assert_eq!(address.as_deref(), Some("192.0.2.1"), "{name}");
    }
    let mapped = seen(&app, |call| call.from(ip("::ffff:198.51.100.7"))).await;
    assert_eq!(mapped.as_deref(), Some("198.51.100.7"));
}

#[tokio::test]
async fn a_trusted_proxy_says_for_whom_it_asks() {
    let trusted = "10.0.0.0/8, fd00::/8, 127.0.0.1";
    let app = any_with(&[("VESTIBULE_HTTP__TRUSTED_PROXIES", trusted)]).await;
    app.register("ann").await;
    for (peer, header, expected) in [
        ("10.0.0.1", "203.0.113.9", "203.0.113.9"),
        ("10.0.0.1", "203.0.113.9, 10.0.0.2", "203.0.113.9"),
        ("10.0.0.1", "1.1.1.1, 203.0.113.9, 10.0.0.2,10.9.9.9", "203.0.113.9"),
        ("10.0.0.1", "203.0.113.9, nonsense", "10.0.0.1"),
        ("10.0.0.1", "nonsense, 203.0.113.9", "203.0.113.9"),
        ("10.0.0.1", "", "10.0.0.1"),
        ("10.0.0.1", ",", "10.0.0.1"),
        ("10.0.0.1", "::ffff:203.0.113.9", "203.0.113.9"),
        ("10.0.0.1", "2001:db8::1", "2001:db8::1"),
        ("fd00::1", "203.0.113.9", "203.0.113.9"),
        ("::ffff:10.0.0.1", "203.0.113.9", "203.0.113.9"),
        ("127.0.0.1", "203.0.113.9", "203.0.113.9"),
        ("192.0.2.1", "203.0.113.9", "192.0.2.1"),
        ("11.0.0.1", "203.0.113.9, 10.0.0.1", "11.0.0.1"),
    ] {
        let address =
            seen(&app, |call| call.from(ip(peer)).header("x-forwarded-for", header)).await;
        assert_eq!(address.as_deref(), Some(expected), "{peer}: {header}");
    }
}

/// Proxies may write lines of their own: the last one counts first, and none is skipped.
#[tokio::test]
async fn every_line_of_the_header_counts() {
    let app = any_with(&[("VESTIBULE_HTTP__TRUSTED_PROXIES", "10.0.0.0/8")]).await;
    app.register("ann").await;
    let lines = |lines: &'static [&'static [u8]]| {
        move |call: Call| {
            let call = call.from(ip("10.0.0.1"));
            lines.iter().fold(call, |call, line| call.header_bytes("x-forwarded-for", line))
        }
    };
    let address = seen(&app, lines(&[b"6.6.6.6", b"203.0.113.9"])).await;
    assert_eq!(address.as_deref(), Some("203.0.113.9"));
    let address = seen(&app, lines(&[b"6.6.6.6", b"\xff", b"203.0.113.9, 10.0.0.2"])).await;
    assert_eq!(address.as_deref(), Some("203.0.113.9"));
    let address = seen(&app, lines(&[b"6.6.6.6", b"\xff, 203.0.113.9"])).await;
    assert_eq!(address.as_deref(), Some("203.0.113.9"), "a line that is not text is not skipped");
    let address = seen(&app, lines(&[b"6.6.6.6", b"\xff"])).await;
    assert_eq!(address.as_deref(), Some("10.0.0.1"));
}

#[tokio::test]
async fn what_a_client_calls_itself_is_cut() {
    let app = any().await;
    app.register("ann").await;
    let body = json!({ "identifier": "ann", "password": PASSWORD });
    for agent in ["x".repeat(4000), "curl/8".to_owned(), String::new()] {
        app.post(LOGIN, &body).header("user-agent", &agent).send().await.expect(200);
    }
    let call = app.post(LOGIN, &body).header_bytes("user-agent", b"\xff\xfe");
    call.send().await.expect(200);
    assert_eq!(app.database.dump().await.places_of(&"x".repeat(256)), [""; 0]);
}
