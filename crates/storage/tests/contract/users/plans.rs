//! Looking for some among many is done by an index, on every backend.

use testkit::{Backend, Database, on_every_backend};

use crate::given;
use crate::raw::Raw;

on_every_backend!(Database::fresh => every_search_and_every_order_has_its_index);

/// The statement, its parameters, and the index that names the rows.
const STATEMENTS: [(&str, &[&str], &str); 24] = [
    ("narrow::BY_USERNAME", &["'admin'", "'ann'", "'ann~'", "50"], "username_key"),
    ("narrow::BY_EMAIL", &["'admin'", "'ann'", "'ann~'", "50"], "email_key"),
    ("narrow::BY_PHONE", &["'admin'", "'+4930'", "'+4930:'", "50"], "phone"),
    ("narrow::BY_CREATION", &["'admin'", "1", "2", "50"], "users_created_at"),
    ("narrow::BY_LOGIN", &["'admin'", "1", "2", "50"], "users_last_login_at"),
    ("narrow::BY_ROLE", &["'admin'", "'moderator'", "50"], "user_roles_role"),
    ("narrow::BY_STATUS", &["'admin'", "'blocked'", "50"], "users_status"),
    ("narrow::COUNT_BY_USERNAME", &["'ann'", "'ann~'", "50"], "username_key"),
    ("narrow::COUNT_BY_EMAIL", &["'ann'", "'ann~'", "50"], "email_key"),
    ("narrow::COUNT_BY_PHONE", &["'+4930'", "'+4930:'", "50"], "phone"),
    ("narrow::COUNT_BY_CREATION", &["1", "2", "50"], "users_created_at"),
    ("narrow::COUNT_BY_LOGIN", &["1", "2", "50"], "users_last_login_at"),
    ("narrow::COUNT_BY_ROLE", &["'moderator'", "50"], "user_roles_role"),
    ("narrow::COUNT_BY_STATUS", &["'blocked'", "50"], "users_status"),
    ("walk::NUMBER", &["'admin'", "190", "50"], "number"),
    ("walk::CREATED", &["'admin'", "9", "9", "9", "50"], "users_created_at"),
    ("walk::CREATED_DOWN", &["'admin'", "9", "9", "9", "50"], "users_created_at"),
    ("walk::LOGIN", &["'admin'", "9", "9", "9", "50"], "users_last_login_at"),
    ("walk::LOGIN_DOWN", &["'admin'", "9", "9", "9", "50"], "users_last_login_at"),
    ("walk::USERNAME", &["'admin'", "'name9'", "50"], "username_key"),
    ("walk::USERNAME_DOWN", &["'admin'", "'name1'", "50"], "username_key"),
    ("walk::EMAIL", &["'admin'", "'name9'", "50"], "email_key"),
    ("walk::EMAIL_DOWN", &["'admin'", "'name1'", "50"], "email_key"),
    ("walk::NUMBER_DOWN", &["'admin'", "9", "50"], "number"),
];

async fn every_search_and_every_order_has_its_index(database: Database) {
    let store = &database.store;
    for place in 0..40 {
        given::user(store, &given::named(&format!("name{place}"))).await;
        given::user(store, &given::mailed(&format!("name{place}@example.org"))).await;
        given::user(store, &given::called(&format!("+49301230{place:02}"))).await;
    }
    let mut raw = Raw::connect(&database).await;
    match database.backend {
        // So few rows are read faster without any index.
        Backend::Postgres => {
            raw.execute("SET enable_seqscan = off").await;
            raw.execute("SET enable_bitmapscan = off").await;
        }
        Backend::MySql => drop(raw.execute("ANALYZE TABLE users, user_roles").await),
        Backend::Sqlite => {}
    }
    for (name, literals, index) in STATEMENTS {
        let statement = storage::text_of(name, database.backend).expect(name);
        let plan = raw.plan(statement, literals).await;
        // SQLite calls the number its own.
        let by_rowid = index == "number" && plan.contains("INTEGER PRIMARY KEY");
        assert!(plan.contains(index) || by_rowid, "{name}: {plan}");
        // A walk that had to sort would read everything for each piece.
        let sorts = ["TEMP B-TREE", "Sort", "filesort"].iter().any(|word| plan.contains(word));
        assert!(!sorts, "{name}: {plan}");
    }
}
