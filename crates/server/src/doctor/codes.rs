//! Does anybody guess at one-time codes, all over the service?

use storage::{Store, code_guesses};

use super::finding::Finding;
use crate::assemble::World;

const CHECK: &str = "codes";

pub(super) async fn check(store: &Store) -> Finding {
    let until = async { code_guesses::braked_until(&mut store.read().await?).await };
    match until.await {
        Err(error) => Finding::problem(CHECK, error.chain(), "see what the server logs"),
        Ok(Some(until)) if World::system().clock.now() < until => Finding::warning(
            CHECK,
            format!(
                "short ones were guessed at: until {} those are refused, and new ones have 8 digits",
                until.to_rfc3339()
            ),
            "see who asks so often (vestibule_code_guesses_total, the log of requests); it ends by \
             itself a day after the last guesses",
        ),
        Ok(_) => Finding::ok(CHECK, "nobody guesses at them"),
    }
}
