//! What a database says about itself.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use testkit::{Backend, Database, on_every_backend};

on_every_backend!(Database::empty => the_facts_are_those_of_a_real_server);

#[expect(clippy::disallowed_methods, reason = "compared with the clock of the database itself")]
async fn the_facts_are_those_of_a_real_server(database: Database) {
    let facts = database.store.facts().await.expect("the database answers");
    assert!(facts.is_supported, "{}", facts.version);
    let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970");
    let now = i128::try_from(now.as_micros()).expect("microseconds");
    let apart = now.abs_diff(i128::from(facts.now.as_micros()));
    assert!(apart < Duration::from_secs(30).as_micros(), "{apart} µs apart");
    // Servers of a test run may be told to be quick instead of durable; our own file never is.
    if database.backend == Backend::Sqlite {
        assert_eq!(facts.weaknesses, []);
    }
}
