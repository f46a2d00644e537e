//! Has the schema every migration that this release knows?

use storage::Store;

use super::finding::Finding;

const CHECK: &str = "schema";

pub(super) async fn check(store: &Store, migrate_at_start: bool) -> Finding {
    let pending = match store.pending_migrations().await {
        Ok(pending) => pending,
        Err(error) => {
            let mend = "see what the server logs, and what this user may read";
            return Finding::problem(CHECK, error.chain(), mend);
        }
    };
    let Some(first) = pending.first() else { return Finding::ok(CHECK, "up to date") };
    let count = pending.len();
    let says = format!("{count} migrations pending, from {:04} {}", first.number, first.name);
    if migrate_at_start {
        Finding::warning(CHECK, says, "run `vestibule migrate`, or let the next start do it")
    } else {
        Finding::problem(CHECK, says, "run `vestibule migrate`")
    }
}
