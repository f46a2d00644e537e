//! What can go wrong in a database, in the words of whoever asked.

use std::error::Error as StdError;

use sqlx::error::ErrorKind;

pub type Result<T, E = Error> = std::result::Result<T, E>;

#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Another row holds this key. The transaction is over.
    #[error("another row holds {0:?}")]
    Conflict(UniqueKey),
    /// The row changed since it was read.
    #[error("the row changed since it was read")]
    Stale,
    /// The database cannot answer now; the same may succeed later.
    #[error("the database is unavailable")]
    Unavailable { source: Option<sqlx::Error> },
    /// The database ended the transaction for the sake of another: do it again.
    #[error("the database asks to try again")]
    Rival { source: sqlx::Error },
    /// A row says something that no version of this program wrote.
    #[error("{table}.{column} holds an unknown value")]
    Corrupt { table: &'static str, column: &'static str },
    /// A statement failed for a reason that is ours.
    #[error("a statement failed")]
    Driver { source: sqlx::Error },
    /// A newer release was here; this one knows nothing of what it changed.
    #[error(
        "migration {number:04} was applied by a newer release: run that one, or restore a backup"
    )]
    NewerSchema { number: i64 },
    #[error("the schema could not be brought up to date")]
    Migration { source: sqlx::migrate::MigrateError },
}

/// The keys by which rows are unique.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum UniqueKey {
    Username,
    Email,
    Phone,
    RestorationToken,
    EventPosition,
    EventVersion,
    Job,
    SigningKeyGeneration,
    IdempotencyKey,
    Command,
    ServiceName,
    RateLimit,
    Sending,
    ProofAttempts,
    Confirmation,
    ConfirmationLink,
}

impl UniqueKey {
    pub const ALL: [Self; 16] = [
        Self::Username,
        Self::Email,
        Self::Phone,
        Self::RestorationToken,
        Self::EventPosition,
        Self::EventVersion,
        Self::Job,
        Self::SigningKeyGeneration,
        Self::IdempotencyKey,
        Self::Command,
        Self::ServiceName,
        Self::RateLimit,
        Self::Sending,
        Self::ProofAttempts,
        Self::Confirmation,
        Self::ConfirmationLink,
    ];

    /// The name of the constraint, which PostgreSQL and MySQL report.
    const fn constraint(self) -> &'static str {
        match self {
            Self::Username => "users_username_key_unique",
            Self::Email => "users_email_key_unique",
            Self::Phone => "users_phone_unique",
            Self::RestorationToken => "users_restoration_hash_unique",
            Self::EventPosition => "events_position_unique",
            Self::EventVersion => "events_user_version_unique",
            Self::Job => "jobs_unique_key_unique",
            Self::SigningKeyGeneration => "signing_keys_generation_unique",
            Self::IdempotencyKey => "idempotency_keys_digest_unique",
            Self::Command => "command_inbox_digest_unique",
            Self::ServiceName => "service_accounts_name_key_unique",
            Self::RateLimit => "rate_limits_bucket_unique",
            Self::Sending => "sendings_bucket_unique",
            Self::ProofAttempts => "proof_attempts_bucket_unique",
            Self::Confirmation => "confirmations_bucket_unique",
            Self::ConfirmationLink => "confirmations_link_hash_unique",
        }
    }

    /// The columns, which SQLite reports instead.
    const fn columns(self) -> &'static str {
        match self {
            Self::Username => "users.username_key",
            Self::Email => "users.email_key",
            Self::Phone => "users.phone",
            Self::RestorationToken => "users.restoration_hash",
            Self::EventPosition => "events.position",
            Self::EventVersion => "events.user_id, events.user_version",
            Self::Job => "jobs.unique_key",
            Self::SigningKeyGeneration => "signing_keys.purpose, signing_keys.generation",
            Self::IdempotencyKey => "idempotency_keys.digest",
            Self::Command => "command_inbox.digest",
            Self::ServiceName => "service_accounts.name_key",
            Self::RateLimit => "rate_limits.bucket",
            Self::Sending => "sendings.bucket",
            Self::ProofAttempts => "proof_attempts.bucket",
            Self::Confirmation => "confirmations.bucket",
            Self::ConfirmationLink => "confirmations.link_hash",
        }
    }

    fn reported_by(error: &dyn sqlx::error::DatabaseError) -> Option<Self> {
        let message = error.message();
        Self::ALL.into_iter().find(|key| {
            error.constraint() == Some(key.constraint())
                || message.contains(key.constraint())
                || message.ends_with(&format!(": {}", key.columns()))
        })
    }
}

impl Error {
    /// When somebody was first with `key`: whoever begins again finds his row.
    #[must_use]
    pub fn stale_when_taken(self, key: UniqueKey) -> Self {
        if matches!(&self, Self::Conflict(taken) if *taken == key) { Self::Stale } else { self }
    }
}

/// Codes with which databases end a transaction for the sake of another: MySQL deadlock and lock
/// wait, PostgreSQL serialisation, deadlock and lock timeout, SQLite busy and locked.
const RIVAL: [&str; 7] = ["1213", "1205", "40001", "40P01", "55P03", "5", "6"];

/// Codes that pass: PostgreSQL shutdown, cancelled statement, connections used up, disk full;
/// MySQL likewise; SQLite full, I/O error, cannot open.
const UNAVAILABLE: [&str; 31] = [
    "57P01", "57P02", "57P03", "57P05", "57014", "53100", "53200", "53300", "53400", "25006",
    "25P03", "08000", "08001", "08003", "08004", "08006", "1040", "1053", "1021", "1114", "1203",
    "1226", "1290", "1317", "1836", "1927", "1969", "3024", "13", "10", "14",
];

impl From<sqlx::Error> for Error {
    fn from(source: sqlx::Error) -> Self {
        if let sqlx::Error::Database(error) = &source {
            if error.kind() == ErrorKind::UniqueViolation
                && let Some(key) = UniqueKey::reported_by(error.as_ref())
            {
                return Self::Conflict(key);
            }
            let code = code_of(error.as_ref());
            if RIVAL.contains(&code.as_str()) {
                return Self::Rival { source };
            }
            if UNAVAILABLE.contains(&code.as_str()) {
                return Self::Unavailable { source: Some(source) };
            }
        }
        if is_connection_trouble(&source) {
            Self::Unavailable { source: Some(source) }
        } else {
            Self::Driver { source }
        }
    }
}

/// The server's own code. sqlx reports the SQL state for MySQL, which is coarser, and the extended
/// code for SQLite, which is finer: its lowest byte is the code.
fn code_of(error: &dyn sqlx::error::DatabaseError) -> String {
    if let Some(error) = error.try_downcast_ref::<sqlx::mysql::MySqlDatabaseError>() {
        return error.number().to_string();
    }
    let code = error.code().unwrap_or_default();
    match (error.try_downcast_ref::<sqlx::sqlite::SqliteError>(), code.parse::<u32>()) {
        (Some(_), Ok(extended)) => (extended & 0xff).to_string(),
        _ => code.into_owned(),
    }
}

fn is_connection_trouble(error: &sqlx::Error) -> bool {
    matches!(
        error,
        sqlx::Error::Io(_)
            | sqlx::Error::Tls(_)
            | sqlx::Error::PoolTimedOut
            | sqlx::Error::PoolClosed
            | sqlx::Error::WorkerCrashed
            | sqlx::Error::Protocol(_)
    )
}

/// Whether the same work may succeed when simply done again.
pub trait Transient {
    fn is_transient(&self) -> bool;
}

impl Transient for Error {
    fn is_transient(&self) -> bool {
        matches!(self, Self::Rival { .. })
    }
}

impl Error {
    /// The whole chain on one line, for a log.
    pub fn chain(&self) -> String {
        chain(self)
    }
}

/// An error and its causes on one line, for a log.
pub fn chain(error: &dyn StdError) -> String {
    let causes = std::iter::successors(error.source(), |&cause| cause.source());
    causes.fold(error.to_string(), |text, cause| {
        let cause = cause.to_string();
        // Some errors of libraries repeat their cause themselves.
        if text.ends_with(&cause) { text } else { format!("{text}: {cause}") }
    })
}
