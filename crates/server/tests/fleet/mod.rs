//! Three instances on one PostgreSQL behind nginx, as operators run them (issue 4).
//!
//! What is acknowledged by one is felt by all within a second, whatever happens around them.
#![expect(clippy::expect_used, reason = "a test fails by panicking")]

mod changes;
mod feed;
mod guesses;
mod handshakes;
mod logged;
mod metrics;
mod named;
mod nginx;
mod paused;
mod proxied;
mod redis;
mod refreshing;
mod refused;
mod restarts;
mod transactions;
mod watch;

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use serde_json::Value;
use testkit::{Backend, Database};

use self::nginx::Nginx;
use super::process::MASTER_KEY;
use super::process::http::call;
use super::process::program::{Program, Running};

/// What the product promises: from an acknowledgement until every instance feels it.
const BOUND: Duration = Duration::from_secs(1);
const ME: &str = "/api/v1/users/current";

struct Fleet {
    instances: Vec<Running>,
    nginx: Nginx,
    /// How each instance is started; the command line works in the place of the first.
    programs: Vec<Program>,
    database: Database,
}

/// Somebody who is signed in.
struct SignedIn {
    name: String,
    access: String,
    refresh: String,
}

impl Fleet {
    async fn start() -> Self {
        Self::with(&[]).await
    }

    async fn with(settings: &[(&str, &str)]) -> Self {
        let database = Database::fresh(Backend::Postgres).await;
        let program = Program::new()
            .with("VESTIBULE_DATABASE__URL", &database.url)
            .with("VESTIBULE_DATABASE__MAX_CONNECTIONS", "4")
            // The machine is busy with other tests; how long one waits for a connection is not
            // what these are about.
            .with("VESTIBULE_DATABASE__ACQUIRE_TIMEOUT", "10s")
            .with("VESTIBULE_SECURITY__MASTER_KEY", MASTER_KEY)
            .with("VESTIBULE_TOKENS__ISSUER", "https://accounts.example.org")
            .with("VESTIBULE_HTTP__TRUSTED_PROXIES", "127.0.0.0/8");
        let program =
            settings.iter().fold(program, |program, (name, value)| program.with(name, value));
        let programs = vec![program.beside(), program.beside(), program];
        let mut instances: Vec<Running> = programs.iter().map(Program::launch).collect();
        for instance in &mut instances {
            instance.wait_until_ready();
        }
        let addresses: Vec<SocketAddr> = instances.iter().map(|one| one.address).collect();
        Self { nginx: Nginx::start(&addresses), instances, programs, database }
    }

    /// Where to come in: each instance by itself, then nginx.
    fn doors(&self) -> Vec<SocketAddr> {
        let direct = self.instances.iter().map(|instance| instance.address);
        direct.chain([self.nginx.address]).collect()
    }

    /// Runs a command of an operator, in a process of its own, to its successful end.
    fn command(&self, arguments: &[&str]) -> String {
        let program = arguments
            .iter()
            .fold(self.programs[0].clone(), |program, argument| program.argument(argument));
        let (code, said) = program.run();
        assert_eq!(code, Some(0), "{arguments:?}: {said}");
        said
    }

    /// A new account and a session of it.
    fn newcomer(&self, name: &str) -> SignedIn {
        self.instances[0].register(name).expect(201);
        self.sign_in(name)
    }

    fn sign_in(&self, name: &str) -> SignedIn {
        SignedIn::new(name, &self.instances[1].sign_in(name))
    }

    /// Signs out on the first instance. When that was acknowledged.
    fn sign_out(&self, session: &SignedIn) -> Instant {
        self.ask_first("POST", "/api/v1/auth/logout", session, None, 204)
    }

    /// Asks the first instance. When the answer, which is expected, was there.
    fn ask_first(
        &self,
        method: &str,
        path: &str,
        session: &SignedIn,
        body: Option<&Value>,
        status: u16,
    ) -> Instant {
        let reply = call(self.instances[0].address, method, path, Some(&session.access), body);
        let answered_at = Instant::now();
        reply.expect("an answer").expect(status);
        answered_at
    }

    /// Stops all, in order and without complaint.
    fn stop(self) {
        for instance in self.instances {
            let log = instance.stop();
            assert!(!log.contains("\"ERROR\""), "{log}");
        }
    }
}

impl SignedIn {
    fn new(name: &str, tokens: &Value) -> Self {
        let access = testkit::access_token(tokens);
        Self { name: name.to_owned(), access, refresh: testkit::refresh_token(tokens) }
    }
}
