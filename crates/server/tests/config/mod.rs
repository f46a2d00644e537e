//! The configuration: layers, problems, secrets, and the page made from the default file.

mod defaults;
mod dialect_mails;
mod dialects;
mod kafka_sources;
mod layers;
mod limits;
mod links;
mod problems;
mod production;
mod secrets;
mod values;

use std::path::Path;

use server::config::{Flag, Problems, Settings, Sources};
use tempfile::TempDir;

/// 32 random bytes in base64; made for these tests, known to everybody who reads them.
const KEY: &str = "3rZ5m0cUuWqJ1Yx8pTnF6sLd2vHkBgE9aQoXiRyMNVI=";

/// A working directory of its own and nothing else: the process environment plays no part.
struct Given {
    directory: TempDir,
    sources: Sources,
}

fn given() -> Given {
    let directory = TempDir::new().unwrap();
    let working_directory = directory.path().to_owned();
    Given { directory, sources: Sources { working_directory, ..Sources::default() } }
}

/// Production with all that it needs.
fn given_production() -> Given {
    given()
        .variable("VESTIBULE_PROFILE", "production")
        .variable("VESTIBULE_HTTP__PUBLIC_URL", "https://accounts.example.org")
        .variable("VESTIBULE_SECURITY__MASTER_KEY", KEY)
}

impl Given {
    fn file(self, name: &str, text: &str) -> Self {
        std::fs::write(self.path().join(name), text).unwrap();
        self
    }

    /// Replaces an earlier one of this name, as a process environment has each name once.
    fn variable(mut self, name: &str, value: &str) -> Self {
        self.sources.environment.retain(|(other, _)| other != name);
        self.sources.environment.push((name.to_owned(), value.to_owned()));
        self
    }

    fn flag(mut self, name: &'static str, key: &'static str, value: &str) -> Self {
        self.sources.flags.push(Flag { name, key, value: value.to_owned() });
        self
    }

    fn path(&self) -> &Path {
        self.directory.path()
    }

    fn load(&self) -> Result<Settings, Problems> {
        Settings::load(&self.sources)
    }

    fn settings(&self) -> Settings {
        self.load().unwrap_or_else(|problems| panic!("{problems}"))
    }

    /// One a line, the path of the working directory left out.
    fn problems(&self) -> Vec<String> {
        let directory = format!("{}/", self.path().display());
        match self.load() {
            Ok(_) => Vec::new(),
            Err(problems) => {
                problems.to_string().lines().map(|line| line.replace(&directory, "")).collect()
            }
        }
    }
}
