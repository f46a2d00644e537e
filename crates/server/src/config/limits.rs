//! `[limits]`: how often something may be tried (docs/OPERATIONS.md).

use std::ops::RangeInclusive;
use std::time::Duration;

use domain::limit::{InvalidQuota, Quotas};
use operations::limits::{Limit, LimitRules, LimitSettings, LimitsMode};

use storage::Backend;

use super::Redis;
use super::reader::Reader;
use super::written::{as_toml, quoted};

/// Where limits are kept, as it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LimitsStore {
    /// Redis where it is set, else memory with SQLite, else the database.
    Auto,
    Memory,
    Database,
    Redis,
}

/// Where limits are kept in the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeptIn {
    Memory,
    Database,
    Redis,
}

/// What the limits that nobody set are like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Preset {
    Default,
    /// The numbers of the service of which `/api/v1` keeps the paths.
    Seed004,
}

const MAX_WAIT: RangeInclusive<Duration> = Duration::from_millis(10)..=Duration::from_secs(30);

#[derive(Clone, Debug)]
pub struct Limits {
    pub settings: LimitSettings,
    pub store: LimitsStore,
    /// How many instances share the limits while the shared store is away.
    pub nodes: u32,
}

impl Limits {
    pub(super) fn read(reader: &mut Reader) -> Self {
        let modes = [
            ("enforce", LimitsMode::Enforce),
            ("observe", LimitsMode::Observe),
            ("off", LimitsMode::Off),
        ];
        let stores = [
            ("auto", LimitsStore::Auto),
            ("memory", LimitsStore::Memory),
            ("database", LimitsStore::Database),
            ("redis", LimitsStore::Redis),
        ];
        let presets = [("default", Preset::Default), ("seed004", Preset::Seed004)];
        let mode = reader.choice("limits.mode", &modes);
        let store = reader.choice("limits.store", &stores);
        let nodes = reader.integer("limits.nodes", 1..=1000);
        let max_wait = reader.duration("limits.max_wait", MAX_WAIT);
        let preset = reader.choice("limits.preset", &presets);
        let quotas = Limit::ALL.map(|limit| (limit, quotas(reader, key(limit))));
        let quotas = quotas.map(|(limit, quotas)| {
            if limit == Limit::Read {
                return (limit, of_preset(reader, preset, quotas));
            }
            match Limit::STRICT.into_iter().find(|(_, own)| *own == limit) {
                Some((usual, own)) => (limit, unless_set(reader, key(usual), key(own), quotas)),
                None => (limit, quotas),
            }
        });
        let rules: LimitRules =
            quotas.into_iter().filter_map(|(limit, quotas)| Some((limit, quotas?))).collect();
        if reader.is_production() && mode != LimitsMode::Enforce {
            reader.warn("limits.mode", "nobody is slowed down who guesses passwords");
        }
        Self { settings: LimitSettings { mode, rules, max_wait }, store, nodes }
    }

    pub fn kept_in(&self, has_redis: bool, backend: Backend) -> KeptIn {
        match (self.store, backend) {
            (LimitsStore::Auto | LimitsStore::Redis, _) if has_redis => KeptIn::Redis,
            (LimitsStore::Memory, _) | (LimitsStore::Auto, Backend::Sqlite) => KeptIn::Memory,
            (LimitsStore::Database | LimitsStore::Redis, _)
            | (LimitsStore::Auto, Backend::Postgres | Backend::MySql) => KeptIn::Database,
        }
    }

    /// What can be said only when Redis was read.
    pub(super) fn check(&self, reader: &mut Reader, redis: &Redis) {
        if self.store == LimitsStore::Redis && redis.url.is_none() {
            reader.refuse("limits.store", "\"redis\" needs redis.url");
        }
    }
}

const fn key(limit: Limit) -> &'static str {
    match limit {
        Limit::Register => "limits.register",
        Limit::RegisterHardened => "limits.register_hardened",
        Limit::RegisterAll => "limits.register_all",
        Limit::RegisterAllHardened => "limits.register_all_hardened",
        Limit::Setup => "limits.setup",
        Limit::Login => "limits.login",
        Limit::LoginFailures => "limits.login_failures",
        Limit::ServiceFailures => "limits.service_failures",
        Limit::SendCode => "limits.send_code",
        Limit::Recover => "limits.recover",
        Limit::CodeFailures => "limits.code_failures",
        Limit::Update => "limits.update",
        Limit::Delete => "limits.delete",
        Limit::Restore => "limits.restore",
        Limit::Refresh => "limits.refresh",
        Limit::RefreshSession => "limits.refresh_session",
        Limit::Admin => "limits.admin",
        Limit::Read => "limits.read",
    }
}

/// Reads, which one of the originals limits.
fn of_preset(reader: &mut Reader, preset: Preset, read: Option<Quotas>) -> Option<Quotas> {
    const OF_SEED_004: &str = "60/min";
    let key = key(Limit::Read);
    match preset {
        Preset::Seed004 if reader.is_default(key) => {
            reader.derive(key, as_toml(OF_SEED_004), "limits.preset");
            OF_SEED_004.parse().ok()
        }
        Preset::Seed004 | Preset::Default => read,
    }
}

/// Who sets how many may register means every surface, unless he says more.
fn unless_set(
    reader: &mut Reader,
    usual: &'static str,
    key: &'static str,
    hardened: Option<Quotas>,
) -> Option<Quotas> {
    if reader.is_default(usual) || !reader.is_default(key) {
        return hardened;
    }
    reader.derive(key, as_toml(""), usual);
    None
}

fn quotas(reader: &mut Reader, key: &'static str) -> Option<Quotas> {
    reader.optional_parsed(key, "limit, such as \"10/min, 100/h\"", |text| {
        text.parse().map_err(|InvalidQuota| format!("{} is not {InvalidQuota}", quoted(text)))
    })
}
