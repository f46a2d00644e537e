//! What commands on accounts stand on: a schema that is up to date, and the services.

use std::path::{Path, PathBuf};
use std::str::FromStr;

use anyhow::{Result, anyhow, bail};
use operations::{Context, Services};
use secrecy::ExposeSecret;
use storage::{DatabaseUrl, Store};

use super::block_on;
use super::outcome::Outcome;
use crate::assemble::{World, services_of_operator, store};
use crate::config::{Database, Settings};
use crate::telemetry;

const MIGRATE: &str = "run `vestibule migrate` first";

/// Does `work` for the operator.
pub(super) fn operate(
    mut settings: Settings,
    work: impl AsyncFnOnce(&Services, &Context) -> Outcome,
) -> Outcome {
    telemetry::log_warnings()?;
    // One command, one thing at a time.
    settings.passwords.threads = 1;
    settings.database.max_connections = 2;
    block_on(async {
        let store = ready_store(&settings.database).await?;
        let services = services_of_operator(&settings, store, World::system()).await?;
        let outcome = work(&services, &services.operator()).await;
        services.stop().await;
        outcome
    })
}

/// The SQLite file that connecting would create: an empty one wherever somebody mistook the folder.
pub(super) fn missing_file(settings: &Database) -> Result<Option<PathBuf>> {
    let url = DatabaseUrl::from_str(settings.url.expose_secret())?;
    Ok(url.file().filter(|file| !file.exists()).map(Path::to_owned))
}

/// A database that exists and has the newest schema.
pub(super) async fn ready_store(settings: &Database) -> Result<Store> {
    if let Some(file) = missing_file(settings)? {
        bail!("there is no database in {} yet: {MIGRATE}", file.display());
    }
    let store = store(settings).await?;
    let pending = store.pending_migrations().await.map_err(|error| anyhow!(error.chain()))?;
    if !pending.is_empty() {
        store.close().await;
        bail!("the schema of the database is not up to date: {MIGRATE}");
    }
    Ok(store)
}
