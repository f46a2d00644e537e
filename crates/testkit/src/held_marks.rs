//! Keeping whoever relays events from noting how far it is: what it sends meanwhile it has not marked.

use sqlx::{Connection, MySqlConnection, PgConnection};

use crate::Backend;
use crate::database::Database;

const BEGIN: &str = "BEGIN";
const ROLLBACK: &str = "ROLLBACK";
const LOCK: &str = "SELECT position FROM event_cursors FOR UPDATE";
// There are no locks of rows, and who locks the file keeps events from getting numbers too.
const REFUSE: &str = "CREATE TRIGGER marks_are_held BEFORE UPDATE OF position ON event_cursors \
    BEGIN SELECT RAISE(ABORT, 'marks are held'); END";
const ALLOW: &str = "DROP TRIGGER marks_are_held";

/// No cursor moves until [`Self::release`]. Who marks waits for that, with SQLite it fails.
pub struct HeldMarks<'a> {
    database: &'a Database,
    lock: Option<Lock>,
}

enum Lock {
    Postgres(PgConnection),
    MySql(MySqlConnection),
}

impl Database {
    /// Of the cursors that there are.
    pub async fn hold_marks(&self) -> HeldMarks<'_> {
        macro_rules! lock {
            ($connection:ty) => {{
                let mut own = <$connection>::connect(&self.url).await.expect("a connection");
                for sql in [BEGIN, LOCK] {
                    sqlx::raw_sql(sql).execute(&mut own).await.expect(sql);
                }
                own
            }};
        }
        let lock = match self.backend {
            Backend::Sqlite => {
                self.execute(REFUSE).await;
                None
            }
            Backend::Postgres => Some(Lock::Postgres(lock!(PgConnection))),
            Backend::MySql => Some(Lock::MySql(lock!(MySqlConnection))),
        };
        HeldMarks { database: self, lock }
    }
}

impl HeldMarks<'_> {
    pub async fn release(self) {
        match self.lock {
            None => self.database.execute(ALLOW).await,
            Some(Lock::Postgres(mut own)) => {
                sqlx::raw_sql(ROLLBACK).execute(&mut own).await.expect(ROLLBACK);
            }
            Some(Lock::MySql(mut own)) => {
                sqlx::raw_sql(ROLLBACK).execute(&mut own).await.expect(ROLLBACK);
            }
        }
    }
}
