//! The log of events over sockets: what one instance does, a reader of another hears.

use std::thread;
use std::time::Duration;

use data_encoding::BASE64;
use serde_json::Value;
use testkit::Database;

use super::http::Connection;
use super::{MASTER_KEY, Program, Running, eventually};

testkit::on_every_backend!(Database::empty =>
    who_reads_at_one_instance_hears_at_once_of_what_another_does,
);

const REQUEST_TIMEOUT: Duration = Duration::from_secs(3);

/// A new service that may read events, as a header.
fn reader(program: &Program) -> String {
    let arguments = ["service", "create", "billing", "--permission", "events:read", "--json"];
    let program = arguments.iter().fold(program.beside(), |program, word| program.argument(word));
    let (code, said) = program.run();
    assert_eq!(code, Some(0), "{said}");
    let made: Value = serde_json::from_str(said.lines().next().expect("a line")).expect("JSON");
    let text = |name: &str| made[name].as_str().expect("a text").to_owned();
    let pair = format!("{}:{}", text("client_id"), text("client_secret"));
    format!("Authorization: Basic {}\r\n", BASE64.encode(pair.as_bytes()))
}

fn ask(instance: &Running, who: &str, query: &str, accept: &str) -> Connection {
    let mut connection = Connection::open(instance.address).expect("it listens");
    let request = format!(
        "GET /api/v1/events{query} HTTP/1.1\r\nHost: localhost\r\n{who}Accept: {accept}\r\n\r\n"
    );
    connection.send(&request).expect("sent");
    connection
}

async fn who_reads_at_one_instance_hears_at_once_of_what_another_does(database: Database) {
    let timeout = format!("{}s", REQUEST_TIMEOUT.as_secs());
    let program = Program::new()
        .with("VESTIBULE_DATABASE__URL", &database.url)
        .with("VESTIBULE_SECURITY__MASTER_KEY", MASTER_KEY)
        .with("VESTIBULE_HTTP__REQUEST_TIMEOUT", &timeout)
        .with("VESTIBULE_HTTP__SHUTDOWN_GRACE", "0s");
    let mut writing = program.start();
    // It numbers nothing itself.
    let told = program.beside().argument("serve").argument("--no-worker").start();
    let who = reader(&program);

    let poll = |after: &str| {
        let mut waiting = ask(&told, &who, &format!("?wait=30&after={after}"), "application/json");
        move || waiting.receive().expect("an answer").expect(200).json()
    };
    let begin = ask(&told, &who, "?after=latest", "application/json").receive();
    let begin = begin.expect("an answer").expect(200).json();
    let mut waiting = poll(begin["next"].as_str().expect("a cursor"));
    writing.register("ann").expect(201);
    let news = eventually("news", || {
        let page = waiting();
        // A machine that is busy is not done within the time of a request.
        waiting = poll(page["next"].as_str().expect("a cursor"));
        page["events"].get(0).cloned()
    });
    assert_eq!(news["type"], "vestibule.user.registered.v1");

    let mut stream = ask(&told, &who, "?after=latest", "text/event-stream");
    let head = stream.receive_until("id: ").expect("where it begins");
    assert!(head.starts_with("HTTP/1.1 200"), "{head}");
    thread::sleep(REQUEST_TIMEOUT + Duration::from_secs(1));
    writing.sign_in("ann");
    let heard = stream.receive_until("\ndata: ").expect("it is not cut by the time of requests");
    assert!(heard.contains("event: vestibule.user.signed_in.v1"), "{heard}");

    told.terminate();
    let rest = stream.receive_rest().expect("it ends without an error");
    assert!(rest.ends_with("0\r\n\r\n"), "the end is the end of the answer: {rest}");
    told.stop();
    writing.terminate();
    assert!(writing.ended().success());
}
