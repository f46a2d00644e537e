//! The first administrator.

use testkit::{Backend, PASSWORD, on_every_backend};

use super::Stage;

const INIT: [&str; 5] = ["admin", "init", "--username", "ann", "--password-stdin"];

on_every_backend!(Stage::migrated =>
    the_first_administrator_is_made_once,
    whoever_squats_the_name_does_not_become_administrator,
    the_last_administrator_cannot_be_removed,
);

async fn the_first_administrator_is_made_once(stage: Stage) {
    stage.type_in(PASSWORD, &INIT).is(0).says("made the administrator ann");
    let refused = stage.type_in(PASSWORD, &INIT).is(4);
    refused.says("there is an administrator already, who can help: ann");
    let other = ["admin", "init", "--email", "ben@example.org", "--password-stdin"];
    stage.type_in(PASSWORD, &other).is(4);
    stage.run(&["user", "show", "ben@example.org"]).is(4);
}

async fn whoever_squats_the_name_does_not_become_administrator(stage: Stage) {
    stage.create("ann");
    let refused = stage.type_in(PASSWORD, &INIT).is(4);
    refused.says("another account has this username, and stays what it is");
    assert_eq!(stage.account("ann")["roles"], serde_json::json!(["user"]));
    stage.run(&["user", "delete", "ann", "--yes"]).is(0);
    stage.type_in(PASSWORD, &INIT).is(4);
}

async fn the_last_administrator_cannot_be_removed(stage: Stage) {
    stage.type_in(PASSWORD, &INIT).is(0);
    let before = stage.account("ann");
    let attempts: [&[&str]; 4] = [
        &["user", "block", "ann"],
        &["user", "revoke", "ann", "admin"],
        &["user", "delete", "ann", "--yes"],
        &["user", "delete", "ann", "--yes", "--final"],
    ];
    for attempt in attempts {
        stage.run(attempt).is(4).says("this is the last active administrator");
    }
    assert_eq!(stage.account("ann"), before);
    stage.create("bob");
    stage.run(&["user", "grant", "bob", "admin"]).is(0);
    stage.run(&["user", "block", "ann"]).is(0);
    stage.run(&["user", "block", "bob"]).is(4);
}

#[tokio::test]
async fn a_weak_password_is_refused_and_nothing_is_made() {
    let stage = Stage::migrated(Backend::Sqlite).await;
    stage.type_in("ann2026!", &INIT).is(4).says("the password is too close to the name");
    stage.type_in("password1", &INIT).is(4).says("is among the first that attackers try");
    stage.type_in("short", &INIT).is(4).says("the password needs at least 8 characters");
    stage.run(&["user", "list"]).is(0).says("there are no accounts here");
}

#[tokio::test]
async fn an_administrator_needs_a_name_and_a_password() {
    let stage = Stage::migrated(Backend::Sqlite).await;
    stage.run(&["admin", "init", "--password-stdin"]).is(2);
    stage.run(&["admin", "init", "--username", "ann"]).is(2).says("--password-stdin");
    stage.run(&INIT).is(2).says("there is no password on standard input");
}

#[tokio::test]
async fn a_setup_token_is_printed_until_there_is_an_administrator() {
    let stage = Stage::migrated(Backend::Sqlite).await;
    let token = |shown: &str| {
        let line = shown.lines().map(str::trim).find(|line| line.len() == 43);
        line.unwrap_or_else(|| panic!("no token in {shown}")).to_owned()
    };
    let shown = stage.run(&["admin", "setup-token"]).is(0);
    shown.says("/api/v1/setup").says("shown this once");
    assert_ne!(token(&shown.out), token(&stage.run(&["admin", "setup-token"]).is(0).out));
    stage.type_in(PASSWORD, &INIT).is(0);
    let refused = stage.run(&["admin", "setup-token"]).is(4);
    refused.says("there is an administrator already, who can help: ann");
}
