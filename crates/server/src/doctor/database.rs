//! Does the database answer, is it one that we know, how far away is it?

use std::str::FromStr;
use std::time::{Duration, Instant};

use secrecy::ExposeSecret;
use storage::{DatabaseUrl, Store};

use super::PATIENCE;
use super::finding::Finding;
use crate::assemble::store;
use crate::config::Database;

const CHECK: &str = "database";
/// A sign-in asks the database about ten times.
const FAR: Duration = Duration::from_millis(20);
const PINGS: u32 = 5;

/// The connected database, or why there is none.
pub(super) async fn check(settings: &Database) -> Result<(Store, Finding), Finding> {
    let url = DatabaseUrl::from_str(settings.url.expose_secret())
        .map_err(|error| Finding::problem(CHECK, error.to_string(), "correct database.url"))?;
    if let Some(file) = url.file().filter(|file| !file.exists()) {
        let says = format!("there is no database in {} yet", file.display());
        return Err(if settings.migrate_at_start {
            Finding::warning(CHECK, says, "start the service, or run `vestibule migrate`")
        } else {
            Finding::problem(CHECK, says, "run `vestibule migrate`")
        });
    }
    // Whoever asks what is wrong does not want to wait until it is right.
    let impatient = Database {
        wait_at_start: Duration::ZERO,
        acquire_timeout: settings.acquire_timeout.min(PATIENCE),
        max_connections: 2,
        ..settings.clone()
    };
    let store = match tokio::time::timeout(2 * PATIENCE, store(&impatient)).await {
        Ok(Ok(store)) => store,
        Ok(Err(error)) => {
            return Err(Finding::problem(
                CHECK,
                format!("{error:#}"),
                "check database.url, and that the server runs and lets this user in",
            ));
        }
        Err(_) => {
            return Err(Finding::problem(
                CHECK,
                "it does not answer",
                "check database.url and the network between",
            ));
        }
    };
    let finding = measure(&store).await;
    Ok((store, finding))
}

async fn measure(store: &Store) -> Finding {
    let backend = store.backend().as_str();
    let measured = async {
        let version = store.facts().await?;
        let mut nearest = Duration::MAX;
        for _ in 0..PINGS {
            let started = Instant::now();
            store.ping().await?;
            nearest = nearest.min(started.elapsed());
        }
        Ok::<_, storage::Error>((version, nearest))
    };
    let (facts, nearest) = match measured.await {
        Ok(measured) => measured,
        Err(error) => {
            return Finding::problem(CHECK, error.chain(), "see what the server logs");
        }
    };
    let milliseconds = nearest.as_secs_f64() * 1000.0;
    let says = format!("{backend} {} answers in {milliseconds:.1} ms", facts.version);
    if !facts.is_supported {
        let mend = "use PostgreSQL 14, MySQL 8, MariaDB 10.6 or newer";
        Finding::problem(CHECK, format!("{says}, and is too old"), mend)
    } else if nearest > FAR {
        Finding::warning(
            CHECK,
            says,
            "bring the database nearer: every request asks it several times",
        )
    } else {
        Finding::ok(CHECK, says)
    }
}
