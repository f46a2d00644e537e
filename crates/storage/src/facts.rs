//! What the database says about itself, for whoever looks for what is wrong with a deployment.

use domain::Timestamp;

use crate::drivers::Backend;
use crate::error::Result;
use crate::store::Store;

statements! {
    VERSION = sql!(
        "SELECT current_setting('server_version')",
        sqlite: "SELECT sqlite_version()",
        mysql: "SELECT VERSION()",
    );
    /// Microseconds since 1970. `clock_timestamp` and its like do not stand still in transactions.
    NOW = sql!(
        "SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000000 AS BIGINT)",
        sqlite: "SELECT CAST(unixepoch('subsec') * 1000000 AS INTEGER)",
        mysql: "SELECT CAST(UNIX_TIMESTAMP(SYSDATE(6)) * 1000000 AS SIGNED)",
    );
    /// The settings on which it depends whether a committed change outlives a crash.
    DURABILITY = sql!(
        "SELECT name, setting FROM pg_settings \
         WHERE name IN ('fsync', 'full_page_writes', 'synchronous_commit') ORDER BY name",
        sqlite: "SELECT 'journal_mode', CAST(journal_mode AS TEXT) FROM pragma_journal_mode \
         UNION ALL SELECT 'synchronous', CAST(synchronous AS TEXT) FROM pragma_synchronous",
        mysql: "SELECT 'innodb_flush_log_at_trx_commit', \
         CAST(@@GLOBAL.innodb_flush_log_at_trx_commit AS CHAR(20)) \
         UNION ALL SELECT 'sync_binlog', CASE WHEN @@GLOBAL.log_bin = 1 \
         THEN CAST(@@GLOBAL.sync_binlog AS CHAR(20)) ELSE 'unused' END",
    );
}

/// Which values of [`DURABILITY`] keep what was acknowledged; the first is the one to recommend.
const DURABLE: [(&str, &[&str]); 7] = [
    ("journal_mode", &["wal", "delete", "truncate", "persist"]),
    ("synchronous", &["2", "3"]),
    ("fsync", &["on"]),
    ("full_page_writes", &["on"]),
    ("synchronous_commit", &["on", "local", "remote_write", "remote_apply"]),
    ("innodb_flush_log_at_trx_commit", &["1"]),
    ("sync_binlog", &["1", "unused"]),
];

/// The oldest releases that the contract suite is run against.
const OLDEST_POSTGRES: (u32, u32) = (14, 0);
const OLDEST_MYSQL: (u32, u32) = (8, 0);
const OLDEST_MARIADB: (u32, u32) = (10, 6);

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facts {
    /// As the server writes it.
    pub version: String,
    pub is_supported: bool,
    /// The database's own clock.
    pub now: Timestamp,
    /// Settings with which a crash loses what was acknowledged; none in a sound deployment.
    pub weaknesses: Vec<Weakness>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Weakness {
    pub setting: String,
    pub value: String,
    pub wanted: &'static str,
}

impl Store {
    pub async fn facts(&self) -> Result<Facts> {
        let read = &mut self.read().await?;
        let (version,) = fetch_one!(read, VERSION, (String,))?;
        let settings = fetch_all!(read, DURABILITY, (String, String))?;
        let (now,) = fetch_one!(read, NOW, (i64,))?;
        Ok(Facts {
            is_supported: is_supported(self.backend(), &version),
            version,
            now: Timestamp::from_micros(now),
            weaknesses: settings.into_iter().filter_map(weakness).collect(),
        })
    }
}

fn weakness((setting, value): (String, String)) -> Option<Weakness> {
    let (_, durable) = DURABLE.iter().find(|(name, _)| *name == setting)?;
    let is_durable = durable.iter().any(|good| value.eq_ignore_ascii_case(good));
    (!is_durable).then(|| Weakness { setting, value, wanted: durable[0] })
}

fn is_supported(backend: Backend, version: &str) -> bool {
    let oldest = match backend {
        // Compiled in, hence the one we test with.
        Backend::Sqlite => return true,
        Backend::Postgres => OLDEST_POSTGRES,
        Backend::MySql if version.contains("MariaDB") => OLDEST_MARIADB,
        Backend::MySql => OLDEST_MYSQL,
    };
    let mut numbers = version
        .split(|character: char| !character.is_ascii_digit())
        .map(|number| number.parse().unwrap_or(0));
    (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0)) >= oldest
}
