//! What replaces compile-time checked queries: asking each backend to prepare each statement.

use sqlx::{Executor, SqlSafeStr};

use crate::error::Result;
use crate::sql::Sql;
use crate::store::Store;
use crate::{
    consistency, events, facts, idempotency_keys, jobs, known_devices, notices, passwords,
    policy_findings, proof_attempts, rate_limits, revocations, roles, service_accounts, sessions,
    setup, signing_keys, users,
};

/// The statements that the backend cannot prepare, each with its name and the reason.
pub async fn unprepared(store: &Store) -> Result<Vec<String>> {
    let mut read = store.read().await?;
    let mut failures = Vec::new();
    for (name, statement) in statements() {
        let prepared = on_backend!(&mut read, statement, |text, connection| {
            connection.prepare(text.into_sql_str()).await.map(|_| ())
        });
        if let Err(error) = prepared {
            failures.push(format!("{}/{name}: {error}", store.backend().as_str()));
        }
    }
    Ok(failures)
}

fn statements() -> Vec<(&'static str, Sql)> {
    [
        users::STATEMENTS,
        users::write::STATEMENTS,
        users::page::STATEMENTS,
        passwords::STATEMENTS,
        revocations::STATEMENTS,
        sessions::STATEMENTS,
        setup::STATEMENTS,
        roles::STATEMENTS,
        service_accounts::STATEMENTS,
        events::STATEMENTS,
        idempotency_keys::STATEMENTS,
        policy_findings::STATEMENTS,
        proof_attempts::STATEMENTS,
        rate_limits::STATEMENTS,
        jobs::STATEMENTS,
        known_devices::STATEMENTS,
        notices::STATEMENTS,
        signing_keys::STATEMENTS,
        consistency::STATEMENTS,
        facts::STATEMENTS,
    ]
    .concat()
}
