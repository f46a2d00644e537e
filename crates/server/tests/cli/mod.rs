//! The command line: the real binary, with nothing but its own settings, in a folder of its own.

mod accounts;
mod admin;
mod audit;
mod configuration;
mod doctor;
mod events;
mod fsck;
mod help;
mod jobs;
mod keys;
mod list;
mod mail;
mod policy;
mod refusals;
mod roles;
mod schema;
mod secrets;
mod services;
mod session;
mod ways;
mod webhooks;

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;
use testkit::{Backend, Database, PASSWORD};

/// 32 random bytes in base64; made for these tests, known to everybody who reads them.
const MASTER_KEY: &str = "3rZ5m0cUuWqJ1Yx8pTnF6sLd2vHkBgE9aQoXiRyMNVI=";

/// A database and the settings of a deployment on it.
struct Stage {
    database: Database,
    settings: Vec<(String, String)>,
}

/// How a command ended.
#[derive(Debug)]
struct Ended {
    code: i32,
    out: String,
    err: String,
}

impl Stage {
    /// Without a schema.
    async fn empty(backend: Backend) -> Self {
        let database = Database::empty(backend).await;
        let stage = Self { settings: Vec::new(), database };
        let url = stage.database.url.clone();
        stage
            .with("VESTIBULE_DATABASE__URL", &url)
            .with("VESTIBULE_SECURITY__MASTER_KEY", MASTER_KEY)
            // Development accepts cheap hashes; what they cost is not what these tests are about.
            .with("VESTIBULE_PASSWORDS__MEMORY_KIB", "64")
            .with("VESTIBULE_PASSWORDS__ITERATIONS", "1")
    }

    /// With a schema, made by the binary itself.
    async fn migrated(backend: Backend) -> Self {
        let stage = Self::empty(backend).await;
        stage.run(&["migrate"]).is(0);
        stage
    }

    /// With the administrator ann.
    async fn with_admin(backend: Backend) -> Self {
        let stage = Self::migrated(backend).await;
        stage.type_in(PASSWORD, &["admin", "init", "--username", "ann", "--password-stdin"]).is(0);
        stage
    }

    fn with(mut self, variable: &str, value: &str) -> Self {
        self.settings.retain(|(name, _)| name != variable);
        self.settings.push((variable.to_owned(), value.to_owned()));
        self
    }

    fn without(mut self, variable: &str) -> Self {
        self.settings.retain(|(name, _)| name != variable);
        self
    }

    fn folder(&self) -> &Path {
        self.database.folder()
    }

    fn run(&self, arguments: &[&str]) -> Ended {
        self.type_in("", arguments)
    }

    /// Begins what does not end by itself.
    fn start(&self, arguments: &[&str]) -> std::process::Child {
        Command::new(env!("CARGO_BIN_EXE_vestibule"))
            .args(arguments)
            .env_clear()
            .envs(self.settings.iter().cloned())
            .current_dir(self.folder())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap()
    }

    /// With one line on standard input. Nothing secret may be seen, whatever the command.
    fn type_in(&self, line: &str, arguments: &[&str]) -> Ended {
        let mut child = Command::new(env!("CARGO_BIN_EXE_vestibule"))
            .args(arguments)
            .env_clear()
            .envs(self.settings.iter().cloned())
            .current_dir(self.folder())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let seen = std::fs::read(format!("/proc/{}/cmdline", child.id())).unwrap_or_default();
        // Commands that ask for nothing may be gone by now.
        let _ = writeln!(child.stdin.take().unwrap(), "{line}");
        let output = child.wait_with_output().unwrap();
        let ended = Ended {
            code: output.status.code().unwrap(),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        };
        for secret in [line, PASSWORD, MASTER_KEY].into_iter().filter(|secret| !secret.is_empty()) {
            for shown in [&*String::from_utf8_lossy(&seen), &ended.out, &ended.err] {
                assert!(!shown.contains(secret), "{arguments:?} shows a secret: {shown}");
            }
        }
        ended
    }

    /// Makes an account with the address `name@example.org`.
    fn create(&self, name: &str) {
        let email = format!("{name}@example.org");
        let arguments =
            ["user", "create", "--username", name, "--email", &email, "--password-stdin"];
        self.type_in(PASSWORD, &arguments).is(0);
    }

    fn account(&self, name: &str) -> Value {
        let shown = self.run(&["user", "show", name, "--json"]).is(0).out;
        serde_json::from_str(&shown).unwrap()
    }
}

impl Ended {
    #[track_caller]
    fn is(self, code: i32) -> Self {
        assert_eq!(self.code, code, "{self:#?}");
        self
    }

    /// The one line that the command says.
    #[track_caller]
    fn says(&self, words: &str) -> &Self {
        assert!(self.out.contains(words) || self.err.contains(words), "{words:?} in {self:#?}");
        self
    }

    /// One JSON object a line.
    fn json(&self) -> Vec<Value> {
        self.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }
}
