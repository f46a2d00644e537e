//! The life of a webhook at the command line, on every backend.

use testkit::{Backend, on_every_backend};

use super::Stage;

const URL: &str = "https://billing.example.org/events";
const DELETED: &str = "vestibule.user.deleted.v1";

on_every_backend!(Stage::migrated => a_webhook_is_made_shown_changed_paused_and_deleted);

async fn a_webhook_is_made_shown_changed_paused_and_deleted(stage: Stage) {
    stage.run(&["webhook", "list"]).is(0).says("events are sent nowhere");
    let create = ["webhook", "create", URL, "--type", DELETED, "--json"];
    let made = stage.run(&create).is(0).json().remove(0);
    let (id, secret) = (made["id"].as_str().unwrap(), made["secret"].as_str().unwrap());
    assert!(secret.starts_with("whsec_"), "{secret}");
    let other = stage.run(&["webhook", "create", "https://crm.example.org/hook"]).is(0);
    other.says("id      ").says("secret  whsec_").says("shown this once");

    let listed = stage.run(&["webhook", "list"]).is(0);
    let rows: Vec<Vec<&str>> =
        listed.out.lines().map(|line| line.split_whitespace().collect()).collect();
    assert_eq!(rows[0], ["ID", "URL", "TYPES", "PAUSED"]);
    assert_eq!(rows[1], [id, URL, DELETED, "-"]);
    assert_eq!(rows[2][1..], ["https://crm.example.org/hook", "all", "-"]);
    let listed = stage.run(&["webhook", "list", "--json"]).is(0);
    assert!(!listed.out.contains("whsec_"), "{listed:?}");
    assert_eq!(listed.json().len(), 2);

    stage.run(&["webhook", "pause", id]).is(0).says("is sent nothing until it is resumed");
    let paused = stage.run(&["webhook", "list", "--json"]).is(0).json().remove(0);
    assert_eq!(paused["paused_because"], "paused by hand");
    stage.run(&["webhook", "resume", id]).is(0).says("is sent events again");

    let rotated = stage.run(&["webhook", "rotate", id, "--json"]).is(0).json().remove(0);
    assert_ne!(rotated["secret"], secret);
    assert!(rotated["previous_secret_until"].is_string());
    stage.run(&["webhook", "rotate", id, "--now"]).is(0).says(&format!("id      {id}\n"));

    let elsewhere = ["webhook", "change", id, "--url", "https://new.example.org/", "--all-types"];
    stage.run(&elsewhere).is(0).says("is sent events at https://new.example.org/ from now on");
    let changed = stage.run(&["webhook", "list", "--json"]).is(0).json().remove(0);
    assert_eq!(changed["types"], serde_json::json!([]));

    stage.run(&["webhook", "delete", id]).is(0).says("is sent no more events");
    for verb in ["delete", "pause", "resume", "rotate"] {
        stage.run(&["webhook", verb, id]).is(4).says("there is no such webhook");
    }
    stage.run(&["fsck"]).is(0);

    // What stands behind the host of an address may be a secret.
    let trail = stage.run(&["audit", "list", "--json"]).is(0).out;
    assert!(trail.contains("https://billing.example.org"), "{trail}");
    for secret in ["/events\"", "/hook\"", "whsec_"] {
        assert!(!trail.contains(secret), "{secret}: {trail}");
    }
}

#[tokio::test]
async fn a_wrong_webhook_is_refused_with_everything_that_is_wrong() {
    let stage = Stage::migrated(Backend::Sqlite).await;
    let wrong = ["webhook", "create", "https://169.254.169.254/latest", "--type", "user.gone"];
    let refused = stage.run(&wrong).is(4);
    refused.says("webhooks.allowed_networks").says("\"user.gone\"");
    stage.run(&["webhook", "create"]).is(2);
    stage.run(&["webhook", "change", "x"]).is(2).says("--url");
    stage.run(&["webhook", "pause", "x"]).is(4).says("there is no such webhook");
    stage.run(&["webhook", "list"]).is(0).says("events are sent nowhere");
}
