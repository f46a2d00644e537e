//! What commands on accounts stand on: a schema that is up to date, and the services.

use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::Arc;

use anyhow::{Result, anyhow, bail};
use operations::audit::{self, Call};
use operations::{Context, Services};
use secrecy::ExposeSecret;
use storage::{DatabaseUrl, Store};

use super::block_on;
use super::outcome::{Failure, Outcome};
use crate::assemble::{World, services_of_operator, store};
use crate::config::{Database, Settings};
use crate::telemetry;

const MIGRATE: &str = "run `vestibule migrate` first";

/// A command of the operator: under what name the audit trail keeps it, and with which settings.
pub(super) struct Operator {
    pub(super) action: String,
    pub(super) settings: Settings,
}

/// Does `work` for the operator. It is written down before anything is done, and how it ended before
/// anybody hears so (AUZ-09).
pub(super) fn operate(
    operator: Operator,
    work: impl AsyncFnOnce(&Services, &Context) -> Outcome,
) -> Outcome {
    let Operator { action, mut settings } = operator;
    telemetry::log_warnings()?;
    // One command, one thing at a time.
    settings.passwords.threads = 1;
    settings.database.max_connections = 2;
    block_on(async {
        let store = ready_store(&settings.database).await?;
        let services = services_of_operator(&settings, store, World::system()).await?;
        let call = Arc::new(Call::new(action, true));
        let ctx = services.operator().as_call(&call);
        let outcome = match audit::open(&services, &ctx).await {
            Ok(()) => {
                let outcome = work(&services, &ctx).await;
                let refused = outcome.as_ref().err().map(Failure::code);
                let closed = audit::close(&services, &ctx, &call, refused).await;
                outcome.and(closed.map_err(Failure::from))
            }
            Err(error) => Err(error.into()),
        };
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
