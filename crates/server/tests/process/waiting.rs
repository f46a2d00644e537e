//! A database that is not there yet.

use std::io;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::thread;

use testkit::{Backend, Database};
use url::Url;

use super::Program;

#[tokio::test]
async fn postgresql_that_is_still_starting_is_waited_for() {
    is_waited_for(Database::empty(Backend::Postgres).await);
}

#[tokio::test]
async fn mysql_that_is_still_starting_is_waited_for() {
    is_waited_for(Database::empty(Backend::MySql).await);
}

#[test]
fn a_database_that_never_comes_is_given_up() {
    let address = free_address();
    let program = Program::new()
        .with("VESTIBULE_DATABASE__URL", &format!("postgres://u:canary@{address}/none"))
        .with("VESTIBULE_DATABASE__WAIT_AT_START", "1s");
    let (code, said) = program.run();
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("waiting for the database"), "{said}");
    let last = said.lines().last().expect("a reason");
    assert!(last.contains("the database does not answer"), "{said}");
    assert!(!said.contains("canary"), "{said}");
}

#[test]
fn waiting_ends_when_asked_to_stop() {
    let address = free_address();
    let running = Program::new()
        .with("VESTIBULE_DATABASE__URL", &format!("postgres://u:p@{address}/none"))
        .launch();
    running.wait_for_log("waiting for the database");
    running.stop();
}

fn is_waited_for(database: Database) {
    let mut url: Url = database.url.parse().expect("a URL");
    let port = url.port().expect("a port of its own");
    let server: SocketAddr = format!("127.0.0.1:{port}").parse().expect("an address");
    let address = free_address();
    url.set_port(Some(address.port())).expect("it takes a port");
    let mut running = Program::new().with("VESTIBULE_DATABASE__URL", url.as_str()).launch();
    running.wait_for_log("waiting for the database");
    forward(address, server);
    running.wait_until_ready();
    running.register("ann").expect(201);
    let log = running.stop();
    assert!(log.contains("waited_seconds") && log.contains("limit_seconds"), "{log}");
    drop(database);
}

/// From now on the database is there.
fn forward(from: SocketAddr, to: SocketAddr) {
    let listener = TcpListener::bind(from).expect("the address is still free");
    thread::spawn(move || {
        for client in listener.incoming().map_while(Result::ok) {
            let server = TcpStream::connect(to).expect("the server answers");
            copy(&client, &server);
            copy(&server, &client);
        }
    });
}

fn copy(from: &TcpStream, to: &TcpStream) {
    let (mut from, mut to) = (from.try_clone().expect("a socket"), to.try_clone().expect("one"));
    thread::spawn(move || {
        let _ = io::copy(&mut from, &mut to);
        let _ = to.shutdown(std::net::Shutdown::Both);
    });
}

fn free_address() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    listener.local_addr().expect("an address")
}
