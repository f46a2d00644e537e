//! Has the schema every migration that this release knows?

use storage::Store;

use super::finding::Finding;

const CHECK: &str = "schema";

pub(super) async fn check(store: &Store, migrate_at_start: bool) -> Finding {
    let looked = async {
        Ok::<_, storage::Error>((store.pending_migrations().await?, store.newer_migration().await?))
    };
    let (pending, newer) = match looked.await {
        Ok(looked) => looked,
        Err(error) => {
            let mend = "see what the server logs, and what this user may read";
            return Finding::problem(CHECK, error.chain(), mend);
        }
    };
    if let Some(number) = newer {
        let says = format!("migration {number:04} was applied by a newer release");
        let mend = "run that release; to go back to this one, restore a backup from before";
        return if migrate_at_start {
            Finding::problem(CHECK, says, mend)
        } else {
            Finding::warning(CHECK, says, mend)
        };
    }
    let Some(first) = pending.first() else { return Finding::ok(CHECK, "up to date") };
    let count = pending.len();
    let says = format!("{count} migrations pending, from {:04} {}", first.number, first.name);
    if migrate_at_start {
        Finding::warning(CHECK, says, "run `vestibule migrate`, or let the next start do it")
    } else {
        Finding::problem(CHECK, says, "run `vestibule migrate`")
    }
}
