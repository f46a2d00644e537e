//! Sessions at the command line, on every backend.

use std::time::Duration;

use domain::{Session, SessionId, Surface, Timestamp, UserId};
use serde_json::json;
use testkit::on_every_backend;

use super::Stage;

on_every_backend!(Stage::with_admin =>
    sessions_are_listed_and_ended,
);

/// As a server beside the command line would open it, in the tenth year from the one we live in.
async fn open(stage: &Stage, chance: u8) -> SessionId {
    let user_id = UserId(stage.account("ann")["id"].as_str().unwrap().parse().unwrap());
    let now = Timestamp::from_seconds(2_000_000_000 + i64::from(chance));
    let session = Session {
        id: SessionId::new(now, [chance; 10]),
        user_id,
        surface: Surface::Native,
        generation: 0,
        rotated_at: now,
        refresh_secret: vec![chance; 32],
        created_at: now,
        last_seen_at: now,
        idle_expires_at: Some(now + Duration::from_hours(1)),
        expires_at: now + Duration::from_hours(2),
        ended_at: None,
        address: Some("192.0.2.1".to_owned()),
        agent: Some("Phone\u{1b}[2J/1".to_owned()),
    };
    let opened: storage::Result<()> = storage::transact!(stage.database.store, |tx| {
        storage::sessions::insert(tx, &session).await?;
    });
    opened.unwrap();
    session.id
}

async fn sessions_are_listed_and_ended(stage: Stage) {
    stage.run(&["session", "list", "ann"]).is(0).says("ann is signed in nowhere");
    stage.run(&["session", "revoke", "ann"]).is(2);
    stage.run(&["session", "list", "nobody"]).is(4).says("there is no account");
    for chance in 1..=3 {
        open(&stage, chance).await;
    }
    let listed = stage.run(&["session", "list", "ann", "--json"]).is(0).json();
    assert_eq!(listed.len(), 3);
    assert_eq!(listed[0]["surface"], json!("native"));
    assert_eq!(listed[0]["expires_at"], json!("2033-05-18T04:33:23.000000Z"));
    let shown = stage.run(&["session", "list", "ann"]).is(0);
    shown.says("192.0.2.1").says("Phone?[2J/1");

    let id = listed[0]["id"].as_str().unwrap();
    let one = ["session", "revoke", "ann", "--session", id];
    stage.run(&one).is(0).says(&format!("ended the session {id} of ann"));
    stage.run(&one).is(4).says("no such live session");
    assert_eq!(stage.run(&["session", "list", "ann", "--json"]).is(0).json().len(), 2);
    stage.run(&["session", "revoke", "ann", "--all"]).is(0).says("ended every session of ann");
    stage.run(&["session", "list", "ann"]).is(0).says("ann is signed in nowhere");
    stage.create("bob");
    stage.run(&["user", "delete", "bob", "--yes"]).is(0);
    stage.run(&["session", "revoke", "bob", "--all"]).is(4).says("bob is deleted");
    stage.run(&["fsck"]).is(0);
}
