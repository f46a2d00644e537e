//! How a server would carry out a statement: by an index, or by reading everything.

use std::time::Duration;

use testkit::{Backend, Database};

use crate::raw::Raw;

/// The name of a statement, its parameters, and the index that names the rows, or one of several.
pub(crate) type Planned<'a> = (&'a str, &'a [&'a str], &'a str);

/// In tenths of a second.
const CLEARING: usize = 300;

pub(crate) async fn assert_by_index(database: &Database, statements: &[Planned<'_>]) {
    let mut raw = Raw::connect(database).await;
    match database.backend {
        // So few rows are read faster without any index.
        Backend::Postgres => {
            raw.execute("SET enable_seqscan = off").await;
            raw.execute("SET enable_bitmapscan = off").await;
        }
        Backend::MySql => {
            raw.execute("ANALYZE TABLE users, user_roles, events, audit_calls").await;
        }
        Backend::Sqlite => {}
    }
    for (name, literals, index) in statements {
        let statement = storage::text_of(name, database.backend).expect(name);
        let mut plan = raw.plan(statement, literals).await;
        // MariaDB counts what an index held before, until it has cleared that away.
        for _ in 0..CLEARING {
            if database.backend != Backend::MySql || index.split('|').any(|one| plan.contains(one))
            {
                break;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
            plan = raw.plan(statement, literals).await;
        }
        // SQLite calls the number its own.
        let by_rowid = *index == "number"
            && plan.contains("users")
            && ["INTEGER PRIMARY KEY", "SCAN users"].iter().any(|way| plan.contains(way));
        let by_index = index.split('|').any(|index| plan.contains(index));
        assert!(by_index || by_rowid, "{name}: {plan}");
        // A walk that had to sort would read everything for each piece.
        let sorts = ["TEMP B-TREE", "Sort", "filesort"].iter().any(|word| plan.contains(word));
        assert!(!sorts, "{name}: {plan}");
    }
}
