//! Jobs at the command line, on every backend.

use testkit::{Backend, on_every_backend};

use super::Stage;

on_every_backend!(Stage::migrated => jobs_are_listed_shown_parked_and_run_again);

async fn jobs_are_listed_shown_parked_and_run_again(stage: Stage) {
    stage.run(&["jobs", "list"]).is(0).says("there are no jobs here");
    stage.create("ann");
    stage.run(&["user", "delete", "ann", "--yes"]).is(0);
    let jobs = stage.run(&["jobs", "list", "--user", "ann", "--json"]).is(0).json();
    let mail = jobs.iter().find(|job| job["message"] == "restoration").unwrap();
    let id = mail["id"].as_str().unwrap();
    let table = stage.run(&["jobs", "list", "--kind", "deliver_mail"]).is(0);
    assert!(table.out.starts_with("ID  "), "{table:?}");
    table.says("deliver_mail restoration   ready").says("0/20");

    stage
        .run(&["jobs", "park", id])
        .is(0)
        .says(&format!("deliver_mail restoration {id} is parked"));
    stage.run(&["jobs", "list", "--state", "parked"]).is(0).says("set aside by hand");
    stage.run(&["doctor"]).says("1 were given up or set aside");
    stage.run(&["jobs", "park", id]).is(4).says("it is parked already");
    let shown = stage.run(&["jobs", "show", id]).is(0);
    shown.says("state         parked").says("attempts      0 of 20");
    stage.run(&["jobs", "retry", id]).is(0).says("is due again");
    assert_eq!(stage.run(&["jobs", "show", id, "--json"]).is(0).json()[0]["state"], "ready");
    stage
        .run(&["audit", "list", "--action", "jobs.retry"])
        .is(0)
        .says("state \"parked\" -> \"ready\"");
    stage.database.execute("UPDATE jobs SET last_error = 'answered 535'").await;
    for _ in 0..2 {
        stage.run(&["jobs", "park", id]).is(0);
        let parked = stage.run(&["jobs", "show", id]).is(0);
        parked.says("set aside by hand; before: answered 535\n");
        stage.run(&["jobs", "retry", id]).is(0);
    }
    stage
        .run(&["jobs", "list", "--state", "ready", "--limit", "1"])
        .is(0)
        .says("more: vestibule jobs list --state ready --limit 1 --after ");
}

#[tokio::test]
async fn what_is_no_job_is_refused() {
    let stage = Stage::migrated(Backend::Sqlite).await;
    for verb in ["show", "retry", "park"] {
        for id in ["x", "01234567-89ab-cdef-0123-456789abcdef"] {
            stage
                .run(&["jobs", verb, id])
                .is(4)
                .says("there is no such job: see vestibule jobs list");
        }
    }
    stage
        .run(&["jobs", "list", "--state", "lost"])
        .is(2)
        .says("not one of ready, running, done, parked");
}
