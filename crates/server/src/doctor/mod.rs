//! What is wrong with this deployment, and how to mend it. One check, one file.
//!
//! Looks and never writes, but for the probe in the mail folder: a check that makes what is
//! missing would hide that it was.

mod admin;
mod clock;
mod codes;
mod configuration;
mod database;
mod dialect_secrets;
mod disk;
mod durability;
mod events;
mod finding;
mod hashing;
mod jobs;
mod kafka;
mod keys;
mod limits;
mod mail;
mod passwords;
mod redis;
mod schema;
mod sms;
mod tls;

use std::time::Duration;

pub(crate) use configuration::problems;
pub(crate) use finding::{Finding, Verdict};
use storage::Store;

use crate::config::Settings;

/// How long another server may take to answer.
const PATIENCE: Duration = Duration::from_secs(5);

/// Calls `tell` with each finding as soon as it is there.
pub(crate) async fn examine(settings: &Settings, mut tell: impl FnMut(Finding)) {
    for finding in configuration::check(settings) {
        tell(finding);
    }
    tls::check(&settings.http).into_iter().for_each(&mut tell);
    match database::check(&settings.database).await {
        Ok((store, finding)) => {
            tell(finding);
            tell(limits::check(settings, store.backend()));
            examine_store(settings, &store, &mut tell).await;
            store.close().await;
        }
        Err(finding) => tell(finding),
    }
    disk::check(&settings.database).into_iter().for_each(&mut tell);
    tell(mail::check(settings).await);
    tell(sms::check(settings).await);
    tell(passwords::check(&settings.passwords));
    tell(hashing::check(&settings.passwords, settings.profile).await);
    redis::check(&settings.redis).await.into_iter().for_each(&mut tell);
    kafka::check(&settings.kafka).await.into_iter().for_each(&mut tell);
}

async fn examine_store(settings: &Settings, store: &Store, tell: &mut impl FnMut(Finding)) {
    match store.facts().await {
        Ok(facts) => {
            tell(durability::check(&facts));
            tell(clock::check(&facts));
        }
        Err(error) => {
            tell(Finding::problem("database", error.chain(), "see what the server logs"));
        }
    }
    let schema = schema::check(store, settings.database.migrate_at_start).await;
    let has_schema = schema.verdict == Verdict::Ok;
    tell(schema);
    // Without tables there is nothing to ask, and the schema has been told about.
    if has_schema {
        tell(keys::check(settings, store).await);
        dialect_secrets::check(settings, store).await.into_iter().for_each(&mut *tell);
        tell(admin::check(store).await);
        tell(codes::check(store).await);
        tell(jobs::check(store).await);
        tell(events::check(settings, store).await);
    }
}
