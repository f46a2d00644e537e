//! `vestibule migrate`

use anyhow::{Result, anyhow};
use clap::Args;

use super::block_on;
use super::outcome::Outcome;
use crate::assemble::store;
use crate::config::Settings;
use crate::telemetry;

#[derive(Debug, Args)]
pub(super) struct Migrate {
    /// Only say what would be applied
    #[arg(long)]
    dry_run: bool,
}

pub(super) fn migrate(settings: &Settings, arguments: &Migrate) -> Outcome {
    let _log = telemetry::log(&settings.log)?;
    block_on(run(settings, arguments))
}

async fn run(settings: &Settings, arguments: &Migrate) -> Result<()> {
    let store = store(&settings.database).await?;
    let pending = store.pending_migrations().await.map_err(|error| anyhow!(error.chain()))?;
    for migration in &pending {
        println!("{:04} {}", migration.number, migration.name);
    }
    if pending.is_empty() {
        println!("the schema is up to date");
    } else if !arguments.dry_run {
        store.migrate().await.map_err(|error| anyhow!(error.chain()))?;
        println!("applied {}", pending.len());
    }
    store.close().await;
    Ok(())
}
