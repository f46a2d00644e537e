//! From a URL to a database that may not be there yet.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use storage::{ConnectOptions, DatabaseUrl, Error, Store};
use testkit::{Backend, Database};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use url::Url;

fn options(wait_at_start: Duration) -> ConnectOptions {
    ConnectOptions {
        max_connections: 2,
        acquire_timeout: Duration::from_secs(30),
        statement_timeout: Duration::from_secs(30),
        wait_at_start,
    }
}

async fn connect(url: &str, wait_at_start: Duration) -> storage::Result<Store> {
    let url: DatabaseUrl = url.parse().expect("a URL");
    Store::connect(&url, &options(wait_at_start)).await
}

/// A port of this machine where nobody listens.
async fn silent_address() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    listener.local_addr().expect("its address")
}

fn at(url: &str, address: SocketAddr) -> Url {
    let mut url: Url = url.parse().expect("a URL");
    url.set_ip_host(address.ip()).expect("a host");
    url.set_port(Some(address.port())).expect("a port");
    url
}

/// Listens after a while, and connects whoever comes with the server.
async fn forward(address: SocketAddr, server: Url) {
    tokio::time::sleep(Duration::from_millis(300)).await;
    let listener = TcpListener::bind(address).await.expect("the port is still free");
    let server = server.socket_addrs(|| None).expect("the server's address")[0];
    let mut connections = JoinSet::new();
    loop {
        let (mut client, _) = listener.accept().await.expect("a client");
        connections.spawn(async move {
            let mut server = TcpStream::connect(server).await.expect("the server answers");
            let _: std::io::Result<_> =
                tokio::io::copy_bidirectional(&mut client, &mut server).await;
        });
    }
}

async fn a_server_that_appears_later_is_waited_for(backend: Backend) {
    let database = Database::empty(backend).await;
    let address = silent_address().await;
    let url = at(&database.url, address);
    let mut background = JoinSet::new();
    background.spawn(forward(address, database.url.parse().expect("a URL")));
    let started = Instant::now();
    let store = connect(url.as_str(), Duration::from_secs(20)).await.expect("a connection");
    assert!(started.elapsed() >= Duration::from_millis(300), "the server was not there yet");
    store.migrate().await.expect("applied");
}

#[tokio::test]
async fn a_postgres_that_appears_later_is_waited_for() {
    a_server_that_appears_later_is_waited_for(Backend::Postgres).await;
}

#[tokio::test]
async fn a_mysql_that_appears_later_is_waited_for() {
    a_server_that_appears_later_is_waited_for(Backend::MySql).await;
}

#[tokio::test]
async fn a_server_that_never_appears_is_unavailable_after_the_limit() {
    for scheme in ["postgres", "mysql"] {
        let url = format!("{scheme}://ann:secret@{}/app", silent_address().await);
        let started = Instant::now();
        let outcome = connect(&url, Duration::from_millis(300)).await.map(drop);
        assert!(matches!(outcome, Err(Error::Unavailable { .. })), "{scheme}: {outcome:?}");
        // Far below the time for which a pool would go on trying in silence.
        assert!(started.elapsed() < Duration::from_secs(5), "{scheme}: {:?}", started.elapsed());
    }
}

#[tokio::test]
async fn a_server_that_accepts_and_says_nothing_is_unavailable_after_the_limit() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("its address");
    for scheme in ["postgres", "mysql"] {
        let url: DatabaseUrl = format!("{scheme}://ann@{address}/app").parse().expect("a URL");
        let options = ConnectOptions {
            acquire_timeout: Duration::from_millis(200),
            ..options(Duration::from_millis(300))
        };
        let started = Instant::now();
        let outcome = Store::connect(&url, &options).await.map(drop);
        assert!(matches!(outcome, Err(Error::Unavailable { .. })), "{scheme}: {outcome:?}");
        assert!(started.elapsed() < Duration::from_secs(5), "{scheme}: {:?}", started.elapsed());
    }
}

#[tokio::test]
async fn a_refused_password_is_not_waited_for() {
    let mut url: Url = Database::empty(Backend::MySql).await.url.parse().expect("a URL");
    url.set_password(Some("wrong-Secret")).expect("a password");
    let outcome = connect(url.as_str(), Duration::from_mins(1)).await.map(drop);
    let Err(error @ Error::Driver { .. }) = outcome else { panic!("{outcome:?}") };
    assert!(!error.chain().contains("wrong-Secret"), "{}", error.chain());
}

/// Switching a new file to its journal mode is busy without waiting when two do it at once. That
/// is a matter of luck: without the second attempt this fails in some runs only.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn instances_create_one_file_at_once() {
    let database = Database::empty(Backend::Sqlite).await;
    for round in 0..10 {
        let path = database.folder().join(format!("round {round}/deep/vestibule.db"));
        let url = format!("sqlite:{}", path.display());
        let mut instances = JoinSet::new();
        for _ in 0..8 {
            let url = url.clone();
            instances.spawn(async move {
                let store = connect(&url, Duration::from_secs(10)).await.expect("connected");
                store.migrate().await.expect("migrated");
            });
        }
        instances.join_all().await;
    }
}

#[test]
fn a_bad_url_is_refused_without_repeating_its_password() {
    for url in [
        "postgres://ann:Secret@[bad/app",
        "postgres://ann:Secret@host:Secret/app",
        "postgres://ann:Secret@host/app?sslmode=Secret",
        "mysql://ann:Secret@host:Secret/app",
        "mysql://ann:Secret@host/app?ssl-mode=Secret",
        "sqlite:file.db?mode=Secret",
        "redis://ann:Secret@host/0",
        "Secret",
        "",
    ] {
        let Err(error) = url.parse::<DatabaseUrl>() else { panic!("{url} was accepted") };
        assert!(!error.to_string().contains("Secret"), "{error}");
        assert!(!format!("{error:?}").contains("Secret"), "{error:?}");
    }
}

#[test]
fn the_scheme_chooses_the_backend() {
    for (url, backend) in [
        ("sqlite:data/vestibule.db", Backend::Sqlite),
        ("sqlite:///var/vestibule.db", Backend::Sqlite),
        ("postgres://host/app", Backend::Postgres),
        ("postgresql://host/app", Backend::Postgres),
        ("mysql://host/app", Backend::MySql),
        ("mariadb://host/app", Backend::MySql),
    ] {
        assert_eq!(url.parse::<DatabaseUrl>().expect(url).backend(), backend);
    }
}
