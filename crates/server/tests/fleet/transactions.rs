//! Transactions that stay open hold up no news: PostgreSQL shares one horizon among all databases
//! of a cluster.

use sqlx::{Connection, Executor, PgConnection};
use testkit::{Backend, Database};

use super::Fleet;
use super::watch::Watch;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ses_07_a_logout_is_one_everywhere_beside_transactions_that_stay_open() {
    let fleet = Fleet::start().await;
    let other = Database::empty(Backend::Postgres).await;
    let elsewhere = open(&other.url).await;
    logs_out(&fleet, "elsewhere");
    let here = open(&fleet.database.url).await;
    logs_out(&fleet, "here");
    drop((elsewhere, here));
    fleet.stop();
}

/// A transaction that wrote something and neither commits nor rolls back.
async fn open(url: &str) -> PgConnection {
    let mut connection = PgConnection::connect(url).await.expect("PostgreSQL answers");
    for statement in [
        "CREATE TABLE kept_open (id integer)",
        "BEGIN ISOLATION LEVEL REPEATABLE READ",
        "INSERT INTO kept_open VALUES (1)",
    ] {
        connection.execute(statement).await.expect("it is written");
    }
    connection
}

fn logs_out(fleet: &Fleet, name: &str) {
    let session = fleet.newcomer(name);
    let watch = Watch::begin(fleet, &session.access);
    let acknowledged_at = fleet.sign_out(&session);
    let lived = watch.expect_end(name, acknowledged_at, Some(0));
    eprintln!("a transaction {name}: let in for {lived:?}");
}
