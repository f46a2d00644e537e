//! Is there anybody who can administrate?

use operations::diagnosis::has_admin;
use storage::Store;

use super::finding::Finding;

const CHECK: &str = "administrator";

pub(super) async fn check(store: &Store) -> Finding {
    match has_admin(store).await {
        Ok(true) => Finding::ok(CHECK, "there is one"),
        Ok(false) => Finding::warning(
            CHECK,
            "there is no active administrator",
            "run `vestibule admin init --username NAME`, or use the setup token (`vestibule admin \
             setup-token` makes another)",
        ),
        Err(error) => Finding::problem(CHECK, error.to_string(), "see what the database logs"),
    }
}
