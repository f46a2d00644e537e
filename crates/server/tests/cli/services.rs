//! The life of a service at the command line, on every backend.

use testkit::{Backend, on_every_backend};

use super::Stage;

on_every_backend!(Stage::migrated => a_service_is_made_shown_rotated_changed_and_deleted);

async fn a_service_is_made_shown_rotated_changed_and_deleted(stage: Stage) {
    let create = ["service", "create", "gateway", "--permission", "tokens:introspect", "--json"];
    let made = stage.run(&create).is(0).json().remove(0);
    let (id, secret) = (made["client_id"].as_str().unwrap(), &made["client_secret"]);
    assert_eq!(secret.as_str().unwrap().len(), 43);
    stage.run(&create).is(4).says("another service has this name");

    let listed = stage.run(&["service", "list"]).is(0);
    let rows: Vec<Vec<&str>> =
        listed.out.lines().map(|line| line.split_whitespace().collect()).collect();
    assert_eq!(rows[0], ["NAME", "CLIENT_ID", "PERMISSIONS", "MADE", "LAST", "USED"]);
    assert_eq!(rows[1][..3], ["gateway", id, "tokens:introspect"]);
    assert_eq!(rows[1][4], "never");
    let listed = stage.run(&["service", "list", "--json"]).is(0).json();
    for name in ["gateway", id] {
        let shown = stage.run(&["service", "show", name, "--json"]).is(0);
        assert_eq!(shown.json(), listed);
        assert!(!shown.out.contains("secret\":\""), "{shown:?}");
        stage.run(&["service", "show", name]).is(0).says("made by      the operator");
    }

    let rotated = stage.run(&["service", "rotate", "gateway", "--json"]).is(0).json().remove(0);
    assert_ne!(&rotated["client_secret"], secret);
    assert!(rotated["previous_secret_until"].is_string());
    let rotated = stage.run(&["service", "rotate", id, "--now"]).is(0);
    rotated.says(&format!("client_id      {id}\nclient_secret  ")).says("is shown this once");

    let permit = stage.run(&["service", "permit", "gateway", "tokens:revoke"]).is(0);
    permit.says("gateway has now: tokens:introspect, tokens:revoke");
    let forbid = ["service", "forbid", "gateway", "tokens:introspect", "tokens:revoke"];
    stage.run(&forbid).is(0).says("gateway may do nothing now");

    stage.run(&["service", "delete", "gateway"]).is(0).says("deleted gateway");
    stage.run(&["service", "delete", "gateway"]).is(4).says("there is no service \"gateway\"");
    stage.run(&["service", "list"]).is(0).says("there are no services here");
    stage.run(&["fsck"]).is(0);
}

#[tokio::test]
async fn a_wrong_service_is_refused_by_name() {
    let stage = Stage::migrated(Backend::Sqlite).await;
    let wrong = ["service", "create", "Gate", "--permission", "users:write"];
    let refused = stage.run(&wrong).is(4);
    refused.says("the name holds a character that is not allowed there");
    refused.says("a service has no permission \"users:write\"; there are tokens:introspect, ");
    stage.run(&["service", "permit", "gateway", "events:read"]).is(4).says("there is no service");
    stage.run(&["service", "create"]).is(2);
}
