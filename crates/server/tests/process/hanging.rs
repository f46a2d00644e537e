//! A database that is there and says nothing.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use testkit::{Backend, Database};
use url::Url;

use super::{Program, access};

#[tokio::test]
async fn r_10_a_hanging_postgresql_holds_up_neither_requests_nor_the_stop() {
    holds_up_nothing(Database::empty(Backend::Postgres).await);
}

#[tokio::test]
async fn r_10_a_hanging_mysql_holds_up_neither_requests_nor_the_stop() {
    holds_up_nothing(Database::empty(Backend::MySql).await);
}

fn holds_up_nothing(database: Database) {
    let mut url: Url = database.url.parse().expect("a URL");
    let server = SocketAddr::from(([127, 0, 0, 1], url.port().expect("a port of its own")));
    let frozen = Arc::new(AtomicBool::new(false));
    let address = forward(server, Arc::clone(&frozen));
    url.set_port(Some(address.port())).expect("it takes a port");
    let running = Program::new().with("VESTIBULE_DATABASE__URL", url.as_str()).start();
    running.register("ann").expect(201);
    let token = access(&running.sign_in("ann"));

    frozen.store(true, Ordering::Relaxed);
    let answer = running.get("/api/v1/users/current", Some(&token)).expect(503);
    assert!(answer.header("retry-after").is_some(), "{}", answer.head);
    running.get("/livez", None).expect(200);
    running.stop();
    drop(database);
}

/// Every look of every lane fails meanwhile, several times a second.
#[tokio::test]
async fn a_worker_complains_once_of_a_database_that_says_nothing() {
    let database = Database::empty(Backend::Postgres).await;
    let mut url: Url = database.url.parse().expect("a URL");
    let server = SocketAddr::from(([127, 0, 0, 1], url.port().expect("a port of its own")));
    let frozen = Arc::new(AtomicBool::new(false));
    let address = forward(server, Arc::clone(&frozen));
    url.set_port(Some(address.port())).expect("it takes a port");
    let running = Program::new().with("VESTIBULE_DATABASE__URL", url.as_str()).start();
    frozen.store(true, Ordering::Relaxed);
    running.wait_for_log("cannot look for jobs");
    thread::sleep(Duration::from_secs(3));
    frozen.store(false, Ordering::Relaxed);
    running.wait_for_log("the worker looks for jobs again");
    let log = running.stop();
    assert_eq!(log.matches("cannot look for jobs").count(), 1, "{log}");
}

/// Passes everything on until frozen; then it keeps the connections and says nothing.
fn forward(to: SocketAddr, frozen: Arc<AtomicBool>) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = listener.local_addr().expect("an address");
    thread::spawn(move || {
        for client in listener.incoming().map_while(Result::ok) {
            let server = TcpStream::connect(to).expect("the server answers");
            copy(&client, &server, &frozen);
            copy(&server, &client, &frozen);
        }
    });
    address
}

fn copy(from: &TcpStream, to: &TcpStream, frozen: &Arc<AtomicBool>) {
    let (mut from, mut to) = (from.try_clone().expect("a socket"), to.try_clone().expect("one"));
    let frozen = Arc::clone(frozen);
    thread::spawn(move || {
        let mut bytes = [0; 16 * 1024];
        while let Ok(count @ 1..) = from.read(&mut bytes) {
            while frozen.load(Ordering::Relaxed) {
                thread::sleep(Duration::from_millis(50));
            }
            if to.write_all(&bytes[..count]).is_err() {
                break;
            }
        }
    });
}
