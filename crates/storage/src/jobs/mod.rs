//! The `jobs` table: work promised by operations, leased by one worker at a time.

pub(crate) mod lease;
pub(crate) mod list;
pub(crate) mod manage;
pub(crate) mod settle;

use domain::{JobId, Timestamp, UserId};

pub use self::lease::{LeasedJob, is_due, is_held, lease_next, release_expired};
pub use self::list::{Filter, JobRecord, Waiting, find, list, of_user, waiting};
pub use self::manage::{run_again, set_aside};
pub use self::settle::{Retry, finish, give_up, hand_back, park, retry};
use crate::PIECE;
use crate::error::Result;
use crate::store::{Read, Tx};

statements! {
    INSERT = sql!(
        "INSERT INTO jobs (id, kind, message, unique_key, payload, user_id, lane, state, run_at, \
         attempts, max_attempts, lease, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, 'ready', $8, 0, $9, 0, $10)"
    );
    IS_PROMISED = sql!("SELECT kind FROM jobs WHERE unique_key = $1");
    CANCEL = sql!("DELETE FROM jobs WHERE unique_key = $1 AND state = 'ready'");
    /// But the erasure itself, which runs.
    DELETE_OF_USER = sql!(
        "DELETE FROM jobs WHERE user_id = $1 \
         AND (state <> 'running' OR kind <> 'purge_account') \
         AND (message IS NULL OR message <> $2)"
    );
    DELETE_FINISHED = delete_some!("jobs", "id", "state = 'done' AND finished_at < ");
}

/// Which workers do it. Each lane has workers of its own, so that what is slow in one keeps nothing
/// of another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Lane {
    Mail,
    Text,
    Work,
}

impl Lane {
    pub const ALL: [Self; 3] = [Self::Mail, Self::Text, Self::Work];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Mail => "mail",
            Self::Text => "text",
            Self::Work => "work",
        }
    }
}

/// What became of a job so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum State {
    /// Waits for its time, or for a worker.
    Ready,
    Running,
    Done,
    /// Out of attempts, or set aside: waits for a person.
    Parked,
}

impl State {
    pub const ALL: [Self; 4] = [Self::Ready, Self::Running, Self::Done, Self::Parked];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ready => "ready",
            Self::Running => "running",
            Self::Done => "done",
            Self::Parked => "parked",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == text)
    }
}

pub struct NewJob<'a> {
    pub id: JobId,
    pub kind: &'static str,
    /// Which mail it is, where it is one.
    pub message: Option<&'static str>,
    /// At most one job with this key exists at a time.
    pub unique_key: Option<&'a str>,
    /// Sealed: jobs carry addresses and secrets.
    pub payload: &'a [u8],
    pub user_id: Option<UserId>,
    pub lane: Lane,
    pub run_at: Timestamp,
    pub max_attempts: i64,
    pub now: Timestamp,
}

pub async fn insert(tx: &mut Tx, job: &NewJob<'_>) -> Result<()> {
    execute!(
        tx,
        INSERT,
        job.id.0,
        job.kind,
        job.message,
        job.unique_key,
        job.payload,
        job.user_id.map(|id| id.0),
        job.lane.as_str(),
        job.run_at.as_micros(),
        job.max_attempts,
        job.now.as_micros(),
    )?;
    if job.run_at <= job.now {
        tx.promise(job.lane);
    }
    Ok(())
}

/// Whether there is a job with this key that is not done.
pub async fn is_promised(read: &mut Read, unique_key: &str) -> Result<bool> {
    Ok(fetch_optional!(read, IS_PROMISED, (String,), unique_key)?.is_some())
}

/// Removes the waiting job with this key, if any.
pub async fn cancel(tx: &mut Tx, unique_key: &str) -> Result<()> {
    execute!(tx, CANCEL, unique_key)?;
    Ok(())
}

/// Removes all that waits, waited or is being done for the user, but the mail that is called `last`.
/// A worker that has one of them in its hands settles nothing any more: a mail that is refused then
/// is not kept with its address (LIF-06).
pub async fn delete_of_user(tx: &mut Tx, user_id: UserId, last: &str) -> Result<()> {
    execute!(tx, DELETE_OF_USER, user_id.0, last)?;
    Ok(())
}

/// Forgets jobs finished before `before`.
/// At most [`PIECE`].
pub async fn delete_finished(tx: &mut Tx, before: Timestamp) -> Result<u64> {
    execute!(tx, DELETE_FINISHED, before.as_micros(), before.as_micros(), PIECE)
}
