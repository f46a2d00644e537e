//! What replaces checked queries: each statement is prepared on each backend.

use testkit::{Database, on_every_backend};

on_every_backend!(Database::fresh => every_statement_prepares);

async fn every_statement_prepares(database: Database) {
    let failures = storage::unprepared(&database.store).await.expect("a connection");
    assert!(failures.is_empty(), "{failures:#?}");
}
