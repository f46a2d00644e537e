//! No log of nginx keeps a token of a link, whatever befalls the request.

use std::fs;

use testkit::Authority;

use super::nginx::{HOST, Nginx, nobody};
use crate::process::eventually;
use crate::process::http::{Connection, request};
use crate::process::tls::over_tls;

const CANARY: &str = "canary-of-a-token";

/// Asked by a link, and with it as the page before.
fn asked(host: &str, path: &str) -> String {
    let link = format!("{path}?token={CANARY}");
    request("GET", &link, None, "", "close").replace(
        "Host: localhost",
        &format!("Host: {host}\r\nReferer: https://{HOST}/link/recover?token={CANARY}"),
    )
}

#[test]
fn log_02_no_log_of_nginx_keeps_what_follows_the_question_mark() {
    let authority = Authority::default();
    // Each request is an error.
    let nobody = nobody();
    let nginx = Nginx::with_tls(&[nobody], &authority.certificate(HOST));
    let secure = |text: &str| over_tls(nginx.secure, &authority, HOST, &["http/1.1"], text).answer;
    let plain = |text: &str| {
        let reply = Connection::open(nginx.address).and_then(|mut it| it.exchange(text));
        reply.expect("an answer").status
    };

    for path in ["/link/recover", "/api/v1/users/current", "/link/verify-email"] {
        let answer = secure(&asked(HOST, path));
        assert!(answer.starts_with("HTTP/1.1 502"), "{answer}");
        // On its way to HTTPS, and in the clear to whoever looks after us.
        assert_eq!(plain(&asked("localhost", path)), 301);
    }
    assert_eq!(plain(&asked("localhost", "/readyz")), 502);
    assert_eq!(secure(&asked("other.example.org", "/link/recover")), "", "no name of ours");
    // The fence: one after the other, more than it lets through.
    let many = request("GET", &format!("/link/recover?token={CANARY}"), None, "", "keep-alive")
        .replace("Host: localhost", &format!("Host: {HOST}"));
    let last = asked(HOST, "/link/recover");
    let answers = secure(&(many.repeat(300) + &last));
    assert!(answers.contains("HTTP/1.1 429"), "the fence was not met");
    // What cannot be read.
    secure(&format!("GET /link/recover?token={CANARY} HTTP/9.9\r\n\r\n"));
    secure(&format!(
        "GET /link/recover?token={CANARY} HTTP/1.1\r\nHost: {HOST}\r\nHost: b\r\n\r\n"
    ));

    let log = eventually("the lines of all", || {
        let log = nginx.read("access.log");
        (log.lines().count() > 300).then_some(log)
    });
    // So that nobody needs more: who was asked, and what they said.
    let words = "\"GET /link/recover HTTP/1.1\" 502 ";
    let line = log.lines().find(|line| line.contains(words)).expect("a line");
    assert!(line.contains(&format!("\"{nobody}")) && line.contains("\"502"), "{line}");
    let mut files = 0;
    for entry in fs::read_dir(nginx.folder()).expect("a folder") {
        let path = entry.expect("a file").path();
        if path.extension().is_some_and(|extension| extension == "log") {
            let text = fs::read_to_string(&path).expect("a text");
            let leak = text.lines().find(|line| line.contains(CANARY));
            assert_eq!(leak, None, "{}", path.display());
            files += 1;
        }
    }
    assert!(files >= 2, "the access log and the error log");
}
