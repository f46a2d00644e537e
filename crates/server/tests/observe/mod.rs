//! What operators watch the service with: `deploy/prometheus` and `deploy/grafana`, tried with the programs
//! that read them and on a service that is used.
#![expect(clippy::expect_used, reason = "a test fails by panicking")]

mod dashboard;
mod names;
mod prometheus;
mod rules;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::json;
use testkit::HttpServer;

use super::process::program::{Program, Running};
use super::process::{access, eventually, http::call};

const RULES: &str = "deploy/prometheus/rules.yml";
const TESTS: &str = "deploy/prometheus/rules.test.yml";
const CONFIGURATION: &str = "deploy/prometheus/prometheus.yml";
const DASHBOARD: &str = "deploy/grafana/dashboard.json";
const DOCUMENT: &str = "docs/LOGGING.md";

/// A service that has done a little of everything, and who takes its events.
struct Used {
    running: Running,
    _webhook: HttpServer,
}

impl Used {
    fn start() -> Self {
        let webhook = HttpServer::start(&[]);
        webhook.answer(200, "");
        let program = Program::new()
            // The machine is busy with other tests, and that is no reason to wake anybody.
            .with("VESTIBULE_DATABASE__ACQUIRE_TIMEOUT", "10s")
            .with("VESTIBULE_WEBHOOKS__ALLOWED_NETWORKS", "127.0.0.0/8,::1/128")
            .with("VESTIBULE_WEBHOOKS__CA_FILE", &webhook.ca_file().display().to_string());
        // Tables are looked at when it starts, and then every fifteen seconds.
        for command in [vec!["migrate"], vec!["webhook", "create", &webhook.url()]] {
            let run = command.iter().fold(program.clone(), |program, word| program.argument(word));
            let (code, said) = run.run();
            assert_eq!(code, Some(0), "{command:?}: {said}");
        }
        let running = program.start();
        running.register("ann").expect(201);
        running.post("/api/auth/users/", &json!({})).expect(400);
        let used = Self { running, _webhook: webhook };
        used.use_it();
        eventually("a job and an event", || {
            let metrics = used.metrics();
            let is_done = ["vestibule_jobs_total{", "vestibule_events_relayed_total{"];
            is_done.iter().all(|name| metrics.contains(name)).then_some(())
        });
        used
    }

    /// Right and wrong passwords and codes, a session that is asked for twice, a path that is not there.
    /// However often it is done, most passwords are right.
    fn use_it(&self) {
        self.running.sign_in("ann");
        let token = access(&self.running.sign_in("ann"));
        for _ in 0..2 {
            self.running.get("/api/v1/users/current", Some(&token)).expect(200);
        }
        let wrong = json!({ "identifier": "ann", "password": "not this one" });
        self.running.post("/api/v1/auth/login", &wrong).expect(401);
        let (path, guess) = ("/api/v1/auth/verify/email", json!({ "code": "000000" }));
        let guessed = call(self.running.address, "POST", path, Some(&token), Some(&guess));
        guessed.expect("an answer").expect(400);
        self.running.get("/not/there", None).expect(404);
    }

    fn metrics(&self) -> String {
        self.running.get("/metrics", None).expect(200).body
    }
}

/// From the root of the repository.
fn path(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(name)
}

fn read(name: &str) -> String {
    fs::read_to_string(path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// What may be missing because nothing happened: the end of the section on metrics says so.
fn rare() -> BTreeSet<String> {
    let document = read(DOCUMENT);
    let (_, said) = document.split_once("some only where there is reason to:").expect("it says so");
    let (said, _) = said.split_once("\n\n").expect("the end of the paragraph");
    names::metrics(said)
}
