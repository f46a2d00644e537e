//! What replaces compile-time checked queries: asking each backend to prepare each statement.

use sqlx::{Executor, SqlSafeStr};

use crate::drivers::Backend;
use crate::error::Result;
use crate::sql::Sql;
use crate::store::Store;
use crate::{
    audit, audit_calls, audit_values, blocks, code_guesses, command_inbox, command_queue,
    confirmations, consistency, event_cursors, event_dead_letters, event_leader, event_log,
    event_replays, events, facts, flows, idempotency_keys, jobs, known_devices, notices, passwords,
    policy_findings, proof_attempts, purge_receipts, rate_limits, revocations, role_definitions,
    role_departures, roles, schedules, sendings, service_accounts, sessions, setup, signing_keys,
    user_keys, users, webhook_endpoints,
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

/// The text of the statement of this name on a backend, for tests that look at its plan.
pub fn text_of(name: &str, backend: Backend) -> Option<&'static str> {
    let (_, statement) = statements().into_iter().find(|(known, _)| known.ends_with(name))?;
    Some(match backend {
        Backend::Sqlite => statement.sqlite,
        Backend::Postgres => statement.postgres,
        Backend::MySql => statement.mysql,
    })
}

fn statements() -> Vec<(&'static str, Sql)> {
    [
        users::STATEMENTS,
        webhook_endpoints::STATEMENTS,
        users::write::STATEMENTS,
        users::page::STATEMENTS,
        users::candidates::walk::STATEMENTS,
        users::candidates::narrow::STATEMENTS,
        users::listed::STATEMENTS,
        webhook_endpoints::STATEMENTS,
        passwords::STATEMENTS,
        revocations::STATEMENTS,
        sessions::STATEMENTS,
        setup::STATEMENTS,
        roles::STATEMENTS,
        role_definitions::STATEMENTS,
        role_departures::STATEMENTS,
        blocks::STATEMENTS,
        command_inbox::STATEMENTS,
        command_queue::STATEMENTS,
        service_accounts::STATEMENTS,
        event_cursors::STATEMENTS,
        event_dead_letters::STATEMENTS,
        event_leader::STATEMENTS,
        event_log::STATEMENTS,
        event_replays::STATEMENTS,
        events::STATEMENTS,
        idempotency_keys::STATEMENTS,
        policy_findings::STATEMENTS,
        proof_attempts::STATEMENTS,
        rate_limits::STATEMENTS,
        jobs::STATEMENTS,
        jobs::lease::STATEMENTS,
        jobs::list::STATEMENTS,
        jobs::manage::STATEMENTS,
        jobs::settle::STATEMENTS,
        schedules::STATEMENTS,
        sendings::STATEMENTS,
        known_devices::STATEMENTS,
        notices::STATEMENTS,
        signing_keys::STATEMENTS,
        audit::STATEMENTS,
        audit_calls::STATEMENTS,
        audit_values::STATEMENTS,
        purge_receipts::STATEMENTS,
        user_keys::STATEMENTS,
        code_guesses::STATEMENTS,
        flows::STATEMENTS,
        confirmations::STATEMENTS,
        consistency::STATEMENTS,
        facts::STATEMENTS,
    ]
    .concat()
}
