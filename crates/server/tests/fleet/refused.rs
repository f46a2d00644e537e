//! What nginx answers itself, without an instance: in the words of Vestibule, and nothing to whom it does not concern.

use std::net::TcpListener;
use std::thread;

use serde_json::{Value, json};

use super::nginx::{Nginx, nobody};
use crate::process::http::{Connection, Reply, call, request};
use crate::process::program::Program;

/// Believes whoever asks which address is theirs.
const BELIEVES: (&str, &str) = (
    "server_tokens off;",
    "server_tokens off; set_real_ip_from 127.0.0.1; real_ip_header X-Test-Address;",
);
const PATH: &str = "/api/v1/users/current";

fn from(nginx: &Nginx, client: &str, path: &str) -> Reply {
    let text = request("GET", path, None, "", "close")
        .replace("Host: ", &format!("X-Test-Address: {client}\r\nHost: "));
    Connection::open(nginx.address).and_then(|mut it| it.exchange(&text)).expect("an answer")
}

fn post(nginx: &Nginx, size: usize) -> Reply {
    let body = json!({ "username": "a".repeat(size) });
    call(nginx.address, "POST", "/api/v1/auth/register", None, Some(&body)).expect("an answer")
}

/// The document, which has the same names as any other.
fn problem(reply: &Reply, code: &str) -> Value {
    assert_eq!(reply.header("content-type"), Some("application/problem+json"), "{}", reply.head);
    let body = reply.json();
    assert_eq!((&body["code"], &body["status"]), (&json!(code), &json!(reply.status)));
    assert_eq!(body["type"], format!("urn:vestibule:problem:{code}"));
    assert_eq!(
        body["instance"],
        format!("urn:request:{}", reply.header("x-request-id").expect("a name for the request"))
    );
    body
}

fn retry_after(reply: &Reply) -> u64 {
    reply.header("retry-after").and_then(|value| value.parse().ok()).expect("when to come again")
}

#[test]
fn cfg_04_nginx_refuses_in_the_words_of_the_service() {
    let instance = Program::new().start();
    let nginx = Nginx::changed(&[instance.address], &[BELIEVES]);
    let without_instance = |reply: &Reply, code: &str| {
        let mut body = problem(reply, code);
        body.as_object_mut().expect("an object").remove("instance");
        body
    };
    let ours = from(&nginx, "192.0.2.1", "/nothing/here").expect(404);
    // What is for those inside is not there for others, however it is written.
    for path in ["/metrics", "/metrics/", "//metrics", "/%6detrics", "/readyz", "/livez/"] {
        let reply = from(&nginx, "192.0.2.1", path).expect(404);
        assert_eq!(without_instance(&reply, "not_found"), without_instance(&ours, "not_found"));
    }
    // The health check of the container asks from within, and leaves no line every ten seconds.
    from(&nginx, "127.0.0.1", "/readyz").expect(200);
    from(&nginx, "127.0.0.1", "/livez").expect(200);
    from(&nginx, "127.0.0.1", "/metrics").expect(404);
    let log = nginx.read("access.log");
    assert!(log.contains("192.0.2.1") && !log.contains("\"GET /readyz HTTP/1.1\" 200"), "{log}");

    // Above http.max_body_bytes the service refuses, far above it nginx does.
    let (ours, its) = (post(&nginx, 70_000).expect(413), post(&nginx, 1_100_000).expect(413));
    let [ours, its] = [ours, its].map(|reply| without_instance(&reply, "body_too_large"));
    assert_eq!(ours["title"], its["title"]);
    let names = |body: &Value| body.as_object().expect("an object").keys().cloned().collect();
    let [ours, its]: [Vec<String>; 2] = [ours, its].map(|body| names(&body));
    assert_eq!(ours, its);
    instance.stop();
}

#[test]
fn administration_can_be_kept_inside() {
    let instance = Program::new().start();
    // What stands in server.conf as an example.
    let changes = [
        BELIEVES,
        ("#location /api/v1/admin/ {", "location /api/v1/admin/ {"),
        ("#    allow 10.0.0.0/24;", "allow 10.0.0.0/24;"),
        ("#    deny all;", "deny all;"),
        ("#    proxy_pass http://vestibule;\n#}", "proxy_pass http://vestibule; }"),
    ];
    let nginx = Nginx::changed(&[instance.address], &changes);
    from(&nginx, "10.0.0.7", "/api/v1/admin/users").expect(401);
    from(&nginx, "192.0.2.1", "/api/v1/admin/users").expect(404);
    from(&nginx, "192.0.2.1", PATH).expect(401);
    instance.stop();
}

#[test]
fn whoever_nginx_cannot_serve_is_told_when_to_come_again() {
    let silent = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = silent.local_addr().expect("an address");
    let changes = [
        ("proxy_read_timeout 30s;", "proxy_read_timeout 2s;"),
        ("vestibule_connections 100;", "vestibule_connections 1;"),
    ];
    let nginx = Nginx::changed(&[address], &changes);
    let replies = thread::scope(|scope| {
        let waiting = scope.spawn(|| post(&nginx, 1));
        // It is at the instance, so nginx counts its connection.
        let _unanswered = silent.accept().expect("nginx");
        let second = post(&nginx, 1);
        [waiting.join().expect("nobody panics"), second]
    });
    for (reply, (status, code)) in
        replies.into_iter().zip([(504, "unavailable"), (429, "too_many_requests")])
    {
        let reply = reply.expect(status);
        problem(&reply, code);
        assert!(retry_after(&reply) > 0);
    }
}

#[test]
fn a_client_of_ipv6_is_its_network() {
    let slower = [BELIEVES, ("rate=50r/s", "rate=1r/m"), ("burst=200", "burst=1")];
    let nginx = Nginx::changed(&[nobody()], &slower);
    let networks: [[&str; 3]; 4] = [
        ["2001:db8::1", "2001:db8::2:3:4", "2001:db8::ffff:2:3:4"],
        ["2001:db8:0:7::1", "2001:db8:0:7:1:2:3:4", "2001:db8:0:7:9::"],
        ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2:6:5:4:3", "2001:db8:1:2::"],
        ["2001:0:0:5:1:2:3:4", "2001:0:0:5:4:3:2:1", "2001:0:0:5:1:1:1:1"],
    ];
    for [one, other, last] in networks {
        assert_eq!([one, other].map(|client| from(&nginx, client, PATH).status), [502, 502]);
        let reply = from(&nginx, last, PATH).expect(429);
        problem(&reply, "too_many_requests");
        assert!(retry_after(&reply) > 0);
    }
    let neighbours = ["192.0.2.1", "192.0.2.2", "192.0.2.3", "2001:db8:0:8::1", "2001:db8:2::"];
    for neighbour in neighbours {
        let reply = from(&nginx, neighbour, PATH).expect(502);
        problem(&reply, "unavailable");
        assert!(retry_after(&reply) > 0);
    }
}

#[test]
fn nginx_listens_by_ipv6_where_the_machine_has_it() {
    let instance = Program::new().start();
    let nginx = Nginx::start(&[instance.address]);
    match nginx.by_ipv6 {
        Some(address) => {
            call(address, "GET", "/readyz", None, None).expect("an answer").expect(200);
        }
        None => eprintln!("this machine has no IPv6: nginx does without"),
    }
    instance.stop();
}
