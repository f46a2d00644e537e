//! `[database]`: where accounts live.

use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};

use super::Security;
use super::passwords::cores;
use super::reader::Reader;

const URL: &str = "database.url";
const SERVERS: [&str; 3] = ["postgres", "postgresql", "mysql"];

#[derive(Clone, Debug)]
pub struct Database {
    /// `sqlite:PATH`, `postgres://…` or `mysql://…`; may hold a password.
    pub url: SecretString,
    pub max_connections: u32,
    /// Whoever waits longer for a connection gets 503.
    pub acquire_timeout: Duration,
    pub statement_timeout: Duration,
    /// How long the start waits for a database that does not answer yet.
    pub wait_at_start: Duration,
    pub migrate_at_start: bool,
}

impl Database {
    pub(super) fn read(reader: &mut Reader, security: &Security) -> Self {
        let timeout = Duration::from_millis(10)..=Duration::from_mins(10);
        Self {
            url: url(reader, security),
            max_connections: max_connections(reader),
            acquire_timeout: reader.duration("database.acquire_timeout", timeout.clone()),
            statement_timeout: reader.duration("database.statement_timeout", timeout),
            wait_at_start: reader
                .duration("database.wait_at_start", Duration::ZERO..=Duration::from_hours(24)),
            migrate_at_start: reader.boolean("database.migrate_at_start"),
        }
    }
}

fn url(reader: &mut Reader, security: &Security) -> SecretString {
    let Some(url) = reader.secret_url(URL) else {
        reader.refuse(URL, "must be set");
        return SecretString::default();
    };
    match url.expose_secret().strip_prefix("sqlite:") {
        Some("") => reader.refuse(URL, "must name a file after sqlite:"),
        Some(path) if path.contains(":memory:") || path.contains("mode=memory") => reader.refuse(
            URL,
            "must name a file: in memory, each connection would have a database of its own",
        ),
        Some(_) => {}
        None if SERVERS.iter().any(|scheme| begins_with(url.expose_secret(), scheme)) => security
            .check_connection(
                reader,
                URL,
                &url,
                &SERVERS,
                "add ?sslmode=verify-full (PostgreSQL) or ?ssl-mode=VERIFY_IDENTITY (MySQL)",
            ),
        None => reader
            .refuse(URL, "must begin with sqlite:, postgres:// or mysql:// (MySQL and MariaDB)"),
    }
    url
}

fn begins_with(url: &str, scheme: &str) -> bool {
    url.split_once("://").is_some_and(|(begin, _)| begin == scheme)
}

fn max_connections(reader: &mut Reader) -> u32 {
    const KEY: &str = "database.max_connections";
    match reader.integer(KEY, 0..=10_000) {
        0 => {
            let connections = u32::try_from(2 * cores() + 2).unwrap_or(u32::MAX);
            reader.derive(KEY, connections.to_string(), "twice the number of cores, and 2");
            connections
        }
        connections => connections,
    }
}
