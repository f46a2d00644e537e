//! `fsck` on a sound database, and on damaged ones.

use serde_json::Value;
use sqlx::{Connection, Executor, MySqlConnection, PgConnection, SqliteConnection};
use testkit::{Backend, on_every_backend};

use super::{Ended, Stage};

/// Runs each statement behind the service's back.
pub(super) async fn damage(stage: &Stage, statements: &[&'static str]) {
    let url = &stage.database.url;
    match stage.database.backend {
        Backend::Sqlite => {
            let mut connection = SqliteConnection::connect(url).await.unwrap();
            connection.execute("PRAGMA foreign_keys = OFF").await.unwrap();
            for statement in statements {
                connection.execute(*statement).await.unwrap();
            }
        }
        Backend::Postgres => {
            let mut connection = PgConnection::connect(url).await.unwrap();
            for statement in statements {
                connection.execute(*statement).await.unwrap();
            }
        }
        Backend::MySql => {
            let mut connection = MySqlConnection::connect(url).await.unwrap();
            for statement in statements {
                connection.execute(*statement).await.unwrap();
            }
        }
    }
}

fn broken(ended: &Ended) -> Vec<(String, i64)> {
    let is_broken = |line: &Value| line["verdict"] == "broken";
    let broken = ended.json().into_iter().filter(is_broken);
    broken
        .map(|line| {
            (line["invariant"].as_str().unwrap().to_owned(), line["rows"].as_i64().unwrap())
        })
        .collect()
}

on_every_backend!(Stage::with_admin => every_invariant_has_its_line, damage_is_found_and_counted);

async fn every_invariant_has_its_line(stage: Stage) {
    let sound = stage.run(&["fsck"]).is(0);
    for invariant in ["I2", "I3", "I4", "I7", "I9", "I10", "LIF-06"] {
        let line = format!("ok       {invariant:<7} ");
        assert!(sound.out.lines().any(|found| found.starts_with(&line)), "{sound:#?}");
    }
    assert_eq!(sound.out.lines().count(), 7);
    assert_eq!(stage.run(&["fsck", "--json"]).is(0).json().len(), 7);
}

async fn damage_is_found_and_counted(stage: Stage) {
    stage.create("bob");
    stage.create("cid");
    damage(&stage, &["UPDATE users SET status = 'purged' WHERE username = 'bob'"]).await;
    assert_eq!(broken(&stage.run(&["fsck", "--json"]).is(1)), [("LIF-06".to_owned(), 1)]);

    damage(&stage, &["UPDATE events SET user_version = 9 WHERE user_version = 2"]).await;
    let found = stage.run(&["fsck"]).is(1);
    found.says("broken   I3      1 accounts whose last change has no event");
    found.says("broken   I9      1 accounts with gaps between their events");
    found.says("broken   LIF-06  1 erased accounts that still hold personal data");
    found.says("3 of 7 invariants are broken");
}

#[tokio::test]
async fn rows_without_an_owner_are_found() {
    let stage = Stage::with_admin(Backend::Sqlite).await;
    stage.create("bob");
    stage.create("cid");
    let session = "INSERT INTO sessions (id, user_id, surface, generation, rotated_at, \
                   refresh_secret, created_at, last_seen_at, expires_at) \
                   SELECT id, id, 'native', 0, 1, x'00', 1, 1, 2 FROM users \
                   WHERE username = 'bob'";
    let nameless = "UPDATE users SET username = NULL, username_key = NULL, email = NULL, \
                    email_key = NULL WHERE username = 'cid'";
    let blocked = "UPDATE users SET status = 'blocked' WHERE username = 'bob'";
    damage(&stage, &[session, blocked, nameless]).await;
    let found = stage.run(&["fsck"]).is(1);
    found.says("broken   I4      1 live sessions of accounts that are not active");
    found.says("broken   I10     1 accounts that nobody can name");
    damage(&stage, &["DELETE FROM users WHERE username = 'bob'"]).await;
    let found = stage.run(&["fsck", "--json"]).is(1);
    // His event; his password, his session and his role, and the nameless account.
    assert_eq!(broken(&found), [("I3".to_owned(), 1), ("I10".to_owned(), 4)]);
}

#[tokio::test]
async fn nobody_to_administrate_is_a_warning() {
    let stage = Stage::migrated(Backend::Sqlite).await;
    let warned = stage.run(&["fsck"]).is(0);
    warned.says("warning  I7      nobody can administrate: vestibule admin init");
}

#[tokio::test]
async fn no_master_key_is_needed() {
    let stage = Stage::with_admin(Backend::Sqlite).await.without("VESTIBULE_SECURITY__MASTER_KEY");
    stage.run(&["fsck"]).is(0);
    assert!(!stage.folder().join("data").exists(), "nothing was made");
}
