//! `vestibule migrate`

use clap::Args;
use storage::{Migration, migrations};

use super::block_on;
use super::operator::missing_file;
use super::outcome::Outcome;
use super::output::print;
use crate::assemble::store;
use crate::config::{Database, Settings};
use crate::telemetry;

#[derive(Debug, Args)]
pub(super) struct Migrate {
    /// Only say what would be applied
    #[arg(long)]
    dry_run: bool,
}

pub(super) fn migrate(settings: &Settings, arguments: &Migrate) -> Outcome {
    telemetry::log_warnings()?;
    block_on(run(&settings.database, arguments))
}

async fn run(settings: &Database, arguments: &Migrate) -> Outcome {
    // Connecting would already create the file.
    if arguments.dry_run && missing_file(settings)?.is_some() {
        return show(&migrations(), "would be applied");
    }
    let store = store(settings).await?;
    if let Some(number) = store.newer_migration().await? {
        return Err(storage::Error::NewerSchema { number }.into());
    }
    let pending = store.pending_migrations().await?;
    if pending.is_empty() {
        print("the schema is up to date\n")?;
    } else if arguments.dry_run {
        show(&pending, "would be applied")?;
    } else {
        store.migrate().await?;
        show(&pending, "applied")?;
    }
    store.close().await;
    Ok(())
}

fn show(migrations: &[Migration], what: &str) -> Outcome {
    let line = |migration: &Migration| format!("{:04} {}\n", migration.number, migration.name);
    let lines: String = migrations.iter().map(line).collect();
    print(&format!("{lines}{} {what}\n", migrations.len()))
}
