//! The real binary, as an operator runs it: with its own directory, environment and port.
#![expect(clippy::expect_used, reason = "a test fails by panicking")]

mod commands;
mod crash;
mod events;
mod events_killed;
mod feed;
mod first_start;
mod hanging;
pub(crate) mod http;
mod inside;
mod leaving;
mod log;
mod mail;
mod mailbox;
mod migrating;
mod postman;
pub(crate) mod program;
mod refusals;
mod stopping;
pub(crate) mod tls;
mod together;
mod waiting;
mod workers;

use std::time::{Duration, Instant};

use http::{Reply, call};
use program::{Program, Running};
use serde_json::{Value, json};
use testkit::PASSWORD;

/// What a test waits for comes soon; this is only for the case that it never comes.
const PATIENCE: Duration = Duration::from_mins(1);

/// Made for these tests, known to everybody who reads them.
pub(crate) const MASTER_KEY: &str = "3rZ5m0cUuWqJ1Yx8pTnF6sLd2vHkBgE9aQoXiRyMNVI=";

impl Running {
    pub(crate) fn get(&self, path: &str, token: Option<&str>) -> Reply {
        call(self.address, "GET", path, token, None).expect("an answer")
    }

    pub(crate) fn post(&self, path: &str, body: &Value) -> Reply {
        call(self.address, "POST", path, None, Some(body)).expect("an answer")
    }

    pub(crate) fn register(&self, name: &str) -> Reply {
        self.post("/api/v1/auth/register", &registration(name))
    }

    /// The tokens of somebody who knows [`PASSWORD`].
    pub(crate) fn sign_in(&self, name: &str) -> Value {
        self.post("/api/v1/auth/login", &login(name)).expect(200).json()
    }

    pub(crate) fn delete(&self, token: &str) -> Reply {
        let body = json!({ "current_password": PASSWORD });
        call(self.address, "DELETE", "/api/v1/users/current", Some(token), Some(&body))
            .expect("an answer")
    }
}

pub(crate) fn registration(name: &str) -> Value {
    json!({ "username": name, "email": format!("{name}@example.org"), "password": PASSWORD })
}

pub(crate) fn login(name: &str) -> Value {
    json!({ "identifier": name, "password": PASSWORD })
}

pub(crate) fn access(tokens: &Value) -> String {
    testkit::access_token(tokens)
}

/// Asks again and again until there is something.
pub(crate) fn eventually<T>(what: &str, mut ask: impl FnMut() -> Option<T>) -> T {
    let late = Instant::now() + PATIENCE;
    while Instant::now() < late {
        if let Some(found) = ask() {
            return found;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    panic!("it never came: {what}")
}
