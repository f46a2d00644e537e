//! Documents and measurements apart from what everybody reaches (CFG-04).

use serde_json::Value;

use super::http::{Reply, call};
use super::program::free_port;
use super::{Program, Running, eventually};

const APART: [&str; 7] = [
    "/metrics",
    "/metrics/",
    "/docs",
    "/api/docs",
    "/api/redoc",
    "/openapi.json",
    "/openapi/native.json",
];

fn ask(running: &Running, method: &str, path: &str) -> Reply {
    call(running.address, method, path, None, None).expect("an answer")
}

#[test]
fn cfg_04_documents_and_measurements_are_where_they_are_told_to_be() {
    let address = format!("127.0.0.1:{}", free_port()).parse().expect("an address");
    let running = Program::new()
        .with("VESTIBULE_HTTP__ADMIN_LISTEN", &format!("{address}"))
        .with("VESTIBULE_HTTP__PUBLIC_URL", "http://localhost:8000")
        .start();
    let inside = |method: &str, path: &str| {
        eventually("an answer", || call(address, method, path, None, None).ok())
    };
    for path in APART {
        assert_eq!(ask(&running, "GET", path).status, 404, "{path}");
        let reply = inside("GET", path);
        assert_eq!(reply.status, 200, "{path}");
        assert_eq!(reply.header("x-content-type-options"), Some("nosniff"), "{path}");
        assert!(reply.header("x-request-id").is_some(), "{path}");
    }
    for path in ["/livez", "/readyz"] {
        assert_eq!((ask(&running, "GET", path).status, inside("GET", path).status), (200, 200));
    }
    let document: Value = serde_json::from_str(&inside("GET", "/openapi.json").body).expect("JSON");
    assert_eq!(document["servers"][0]["url"], "http://localhost:8000/");
    // Nothing else is there, and it is said in our own words.
    for (method, path, status) in [
        ("POST", "/api/v1/auth/login", 404),
        ("GET", "/link/recover", 404),
        ("GET", "/dev/mailbox", 404),
        ("POST", "/metrics", 405),
    ] {
        let reply = inside(method, path);
        assert_eq!(reply.status, status, "{path}");
        let problem: Value = serde_json::from_str(&reply.body).expect("a problem");
        assert_eq!(problem["status"], status);
    }
    running.stop();
}

#[test]
fn cfg_04_unless_told_everything_is_in_one_place() {
    let running = Program::new().start();
    for path in APART {
        assert_eq!(ask(&running, "GET", path).status, 200, "{path}");
    }
    running.stop();
}
