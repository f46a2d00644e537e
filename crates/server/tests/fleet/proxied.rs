//! Through nginx over TLS, with the configuration that operators are given.

use std::fs;

use serde_json::{Value, json};
use testkit::{Authority, PASSWORD};

use super::nginx::{HOST, Nginx};
use super::{Fleet, ME};
use crate::process::http::{call, request};
use crate::process::tls::over_tls;

/// One request over TLS, under the name of the service.
fn secure(nginx: &Nginx, authority: &Authority, text: &str) -> String {
    let text = text.replace("Host: localhost", &format!("Host: {HOST}"));
    over_tls(nginx.secure, authority, HOST, &["http/1.1"], &text).answer
}

fn body(answer: &str) -> Value {
    let (_, body) = answer.split_once("\r\n\r\n").expect("a head and a body");
    serde_json::from_str(body).expect("JSON, in one piece")
}

#[tokio::test]
async fn cfg_01_people_register_through_nginx_over_tls() {
    let fleet = Fleet::start().await;
    let authority = Authority::default();
    let certificate = authority.certificate(HOST);
    let addresses: Vec<_> = fleet.instances.iter().map(|one| one.address).collect();
    let nginx = Nginx::with_tls(&addresses, &certificate);
    let ask = |method: &str, path: &str, token: Option<&str>, body: &str| {
        secure(&nginx, &authority, &request(method, path, token, body, "close"))
    };

    let person = json!({ "username": "ann", "email": "ann@example.org", "password": PASSWORD });
    let answer = ask("POST", "/api/v1/auth/register", None, &person.to_string());
    assert!(answer.starts_with("HTTP/1.1 201"), "{answer}");
    let login = json!({ "identifier": "ann", "password": PASSWORD }).to_string();
    // LGN-07: what a client says of itself is not passed on.
    let forged = request("POST", "/api/v1/auth/login", None, &login, "close").replace(
        "Connection: close",
        "Connection: close\r\nX-Forwarded-For: 203.0.113.9\r\nForwarded: for=203.0.113.9\r\n\
         X-Real-IP: 203.0.113.9",
    );
    let answer = secure(&nginx, &authority, &forged);
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    let access = testkit::access_token(&body(&answer));
    let sessions = ask("GET", &format!("{ME}/sessions"), Some(&access), "");
    assert!(sessions.contains("127.0.0.1") && !sessions.contains("203.0.113.9"), "{sessions}");
    let protocol = over_tls(nginx.secure, &authority, HOST, &["h2", "http/1.1"], "").protocol;
    assert_eq!(protocol.as_deref(), Some(&b"h2"[..]));

    // What is measured is for those inside.
    let answer = ask("GET", "/metrics", None, "");
    assert!(answer.starts_with("HTTP/1.1 404"), "{answer}");
    assert!(answer.contains("Strict-Transport-Security: max-age="), "{answer}");
    // LOG: links carry tokens, and no log of ours keeps them.
    let answer = ask("GET", "/link/verify-email?token=canary-of-a-token", None, "");
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    let log = nginx.read("access.log");
    assert!(log.contains("GET /link/verify-email HTTP/1.1"), "{log}");
    assert!(!log.contains("canary"), "{log}");
    fleet.stop();
}

#[tokio::test]
async fn plain_http_leads_to_https_and_shows_certbot_what_it_asks_for() {
    let fleet = Fleet::start().await;
    let authority = Authority::default();
    let certificate = authority.certificate(HOST);
    let nginx = Nginx::with_tls(&[fleet.instances[0].address], &certificate);
    let get = |path: &str| call(nginx.address, "GET", path, None, None).expect("an answer");
    let reply = get("/link/recover?token=1").expect(301);
    assert_eq!(reply.header("location"), Some("https://accounts.example.org/link/recover?token=1"));
    let challenge = nginx.folder().join("certbot/.well-known/acme-challenge");
    fs::create_dir_all(&challenge).expect("a folder");
    fs::write(challenge.join("token"), "proof").expect("a file");
    assert_eq!(get("/.well-known/acme-challenge/token").expect(200).body, "proof");
    get("/readyz").expect(200);
    // Whoever names somebody else is told nothing.
    let text = request("GET", "/livez", None, "", "close");
    let seen = over_tls(nginx.secure, &authority, HOST, &["http/1.1"], &text);
    assert_eq!(seen.answer, "");
    fleet.stop();
}
