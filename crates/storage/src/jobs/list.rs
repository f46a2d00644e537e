//! Looking at jobs, without what they carry.

use domain::{JobId, Timestamp, UserId};
use uuid::Uuid;

use super::State;
use crate::error::{Error, Result};
use crate::store::Read;

macro_rules! jobs {
    ($condition:literal, $limit:literal) => {
        sql!(concat!(
            "SELECT id, kind, message, lane, state, user_id, run_at, attempts, max_attempts, ",
            "last_error, created_at, leased_until, finished_at FROM jobs WHERE ",
            $condition,
            " ORDER BY id DESC LIMIT ",
            $limit
        ))
    };
}

statements! {
    FIND = jobs!("id = $1", "1");
    ALL = jobs!("id < $1", "$2");
    IN_STATE = jobs!("id < $1 AND state = $2", "$3");
    OF_KIND = jobs!("id < $1 AND kind = $2", "$3");
    IN_STATE_OF_KIND = jobs!("id < $1 AND state = $2 AND kind = $3", "$4");
    OF_USER = jobs!("id < $1 AND user_id = $2", "$3");
    IN_STATE_OF_USER = jobs!("id < $1 AND state = $2 AND user_id = $3", "$4");
    OF_KIND_OF_USER = jobs!("id < $1 AND kind = $2 AND user_id = $3", "$4");
    IN_STATE_OF_KIND_OF_USER = jobs!("id < $1 AND state = $2 AND kind = $3 AND user_id = $4", "$5");
    /// Those that wait for a later time are as they should be: nobody counts them. What runs under a lease
    /// that is over runs nowhere: it waits for a worker, and there may be none to say so.
    WAITING = sql!(
        "SELECT lane, \
         CASE WHEN state = 'running' AND leased_until < $1 THEN 'ready' ELSE state END AS stands, \
         COUNT(*), MIN(run_at) FROM jobs \
         WHERE lane IN ('mail', 'text', 'work') \
         AND (state IN ('running', 'parked') OR (state = 'ready' AND run_at <= $2)) \
         GROUP BY lane, stands"
    );
}

/// Which jobs.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    pub state: Option<State>,
    pub kind: Option<String>,
    pub user_id: Option<UserId>,
    /// The last job of the page before.
    pub after: Option<JobId>,
}

/// What became of a job.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JobRecord {
    pub id: JobId,
    pub kind: String,
    /// Which mail or text message it is, where it is one.
    pub message: Option<String>,
    pub lane: String,
    pub state: State,
    pub user_id: Option<UserId>,
    pub run_at: Timestamp,
    pub attempts: i64,
    pub max_attempts: i64,
    pub last_error: Option<String>,
    pub created_at: Timestamp,
    /// While it runs: until when nobody else takes it.
    pub leased_until: Option<Timestamp>,
    pub finished_at: Option<Timestamp>,
}

/// How many jobs of a lane are in a state, and since when the oldest is due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    pub lane: String,
    pub state: State,
    pub count: i64,
    pub oldest: Timestamp,
}

#[derive(sqlx::FromRow)]
struct JobRow {
    id: Uuid,
    kind: String,
    message: Option<String>,
    lane: String,
    state: String,
    user_id: Option<Uuid>,
    run_at: i64,
    attempts: i64,
    max_attempts: i64,
    last_error: Option<String>,
    created_at: i64,
    leased_until: Option<i64>,
    finished_at: Option<i64>,
}

pub async fn find(read: &mut Read, id: JobId) -> Result<Option<JobRecord>> {
    fetch_optional!(read, FIND, JobRow, id.0)?.map(JobRecord::try_from).transpose()
}

/// Up to `limit`, the newest promise first.
pub async fn list(read: &mut Read, filter: &Filter, limit: i64) -> Result<Vec<JobRecord>> {
    let before = filter.after.map_or(Uuid::max(), |id| id.0);
    let (state, kind) = (filter.state.map(State::as_str), filter.kind.as_deref());
    let rows = match (state, kind, filter.user_id.map(|id| id.0)) {
        (None, None, None) => fetch_all!(read, ALL, JobRow, before, limit)?,
        (Some(state), None, None) => fetch_all!(read, IN_STATE, JobRow, before, state, limit)?,
        (None, Some(kind), None) => fetch_all!(read, OF_KIND, JobRow, before, kind, limit)?,
        (Some(state), Some(kind), None) => {
            fetch_all!(read, IN_STATE_OF_KIND, JobRow, before, state, kind, limit)?
        }
        (None, None, Some(user)) => fetch_all!(read, OF_USER, JobRow, before, user, limit)?,
        (Some(state), None, Some(user)) => {
            fetch_all!(read, IN_STATE_OF_USER, JobRow, before, state, user, limit)?
        }
        (None, Some(kind), Some(user)) => {
            fetch_all!(read, OF_KIND_OF_USER, JobRow, before, kind, user, limit)?
        }
        (Some(state), Some(kind), Some(user)) => {
            fetch_all!(read, IN_STATE_OF_KIND_OF_USER, JobRow, before, state, kind, user, limit)?
        }
    };
    rows.into_iter().map(JobRecord::try_from).collect()
}

/// Up to `limit` jobs of the user, the newest first.
pub async fn of_user(read: &mut Read, user_id: UserId, limit: i64) -> Result<Vec<JobRecord>> {
    list(read, &Filter { user_id: Some(user_id), ..Filter::default() }, limit).await
}

/// What is due, runs, or is parked.
pub async fn waiting(read: &mut Read, now: Timestamp) -> Result<Vec<Waiting>> {
    let now = now.as_micros();
    let rows = fetch_all!(read, WAITING, (String, String, i64, i64), now, now)?;
    let waiting = |(lane, state, count, oldest): (String, String, i64, i64)| {
        let oldest = Timestamp::from_micros(oldest);
        Ok(Waiting { lane, state: known(&state)?, count, oldest })
    };
    rows.into_iter().map(waiting).collect()
}

fn known(state: &str) -> Result<State> {
    State::parse(state).ok_or(Error::Corrupt { table: "jobs", column: "state" })
}

impl TryFrom<JobRow> for JobRecord {
    type Error = Error;

    fn try_from(row: JobRow) -> Result<Self> {
        Ok(Self {
            id: JobId(row.id),
            kind: row.kind,
            message: row.message,
            lane: row.lane,
            state: known(&row.state)?,
            user_id: row.user_id.map(UserId),
            run_at: Timestamp::from_micros(row.run_at),
            attempts: row.attempts,
            max_attempts: row.max_attempts,
            last_error: row.last_error,
            created_at: Timestamp::from_micros(row.created_at),
            leased_until: row.leased_until.map(Timestamp::from_micros),
            finished_at: row.finished_at.map(Timestamp::from_micros),
        })
    }
}
