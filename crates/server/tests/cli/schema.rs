//! Commands on accounts need a schema that is up to date, and say so.

use testkit::{Backend, on_every_backend};

use super::Stage;
use super::doctor::finding;
use super::fsck::damage;

on_every_backend!(Stage::empty =>
    the_schema_is_told_about_applied_and_then_left_alone,
    a_migration_that_failed_halfway_is_not_taken_for_applied,
    a_schema_of_a_newer_release_is_told,
);

async fn the_schema_is_told_about_applied_and_then_left_alone(stage: Stage) {
    let count = storage::migrations().len();
    for _ in 0..2 {
        let told = stage.run(&["migrate", "--dry-run"]).is(0);
        told.says("0001 users\n").says(&format!("{count} would be applied"));
    }
    for command in [&["user", "list"][..], &["fsck"], &["admin", "init", "--username", "ann"]] {
        let command = [command, &["--password-stdin"]].concat();
        let command = if command[0] == "admin" { &command } else { &command[..command.len() - 1] };
        stage.run(command).is(1).says("run `vestibule migrate` first");
    }
    stage.run(&["migrate"]).is(0).says(&format!("{count} applied"));
    stage.run(&["migrate"]).is(0).says("the schema is up to date");
    stage.run(&["migrate", "--dry-run"]).is(0).says("the schema is up to date");
    stage.run(&["user", "list"]).is(0);
}

async fn a_migration_that_failed_halfway_is_not_taken_for_applied(stage: Stage) {
    stage.run(&["migrate"]).is(0);
    damage(&stage, &["UPDATE _sqlx_migrations SET success = FALSE WHERE version = 11"]).await;
    stage.run(&["migrate", "--dry-run"]).is(0).says("0011 built in permissions");
    stage.run(&["user", "list"]).is(1).says("run `vestibule migrate` first");
    if stage.database.backend == Backend::MySql {
        // Each of its migrations can be done again, whether it was carried out or not.
        stage.run(&["migrate"]).is(0).says("1 applied");
        stage.run(&["user", "list"]).is(0);
    } else {
        stage.run(&["migrate"]).is(1).says("failed: the schema could not be brought up to date");
    }
}

async fn a_schema_of_a_newer_release_is_told(stage: Stage) {
    const SAYS: &str = "migration 9999 was applied by a newer release";
    stage.run(&["migrate"]).is(0);
    let newer = "UPDATE _sqlx_migrations SET version = 9999 WHERE version = \
                 (SELECT last FROM (SELECT MAX(version) AS last FROM _sqlx_migrations) AS ours)";
    damage(&stage, &[newer]).await;
    stage.run(&["migrate"]).is(1).says(SAYS).says("restore a backup");
    stage.run(&["migrate", "--dry-run"]).is(1).says(SAYS);
    stage.run(&["serve"]).is(1).says(SAYS);
    let (verdict, says) = finding(&stage.run(&["doctor", "--json"]).is(1), "schema");
    assert_eq!((verdict.as_str(), says.as_str()), ("problem", SAYS));
    let stage = stage.with("VESTIBULE_DATABASE__MIGRATE_AT_START", "false");
    assert_eq!(finding(&stage.run(&["doctor", "--json"]), "schema").0, "warning");
}

#[tokio::test]
async fn looking_makes_no_database() {
    let stage = Stage::empty(Backend::Sqlite).await.without("VESTIBULE_DATABASE__URL");
    for command in [&["user", "list"][..], &["fsck"], &["doctor"], &["migrate", "--dry-run"]] {
        stage.run(command);
        assert!(!stage.folder().join("data/vestibule.db").exists(), "{command:?}");
    }
    stage.run(&["user", "list"]).is(1).says("there is no database in ");
    stage.run(&["migrate"]).is(0);
    stage.run(&["user", "list"]).is(0);
}
