//! The audit trail, the explanation and the export at the command line (AUZ-09, LIF-06).

use serde_json::{Value, json};
use testkit::on_every_backend;

use super::Stage;

on_every_backend!(Stage::with_admin =>
    auz_09_every_command_of_the_operator_is_in_the_trail,
    why_somebody_cannot_get_in_is_said,
    everything_about_somebody_is_exported,
    lif_06_a_receipt_is_left_of_an_erased_account,
);

/// Action and outcome of each command so far, oldest first.
fn commands(stage: &Stage) -> Vec<String> {
    let listed = stage.run(&["audit", "list", "--json", "--limit", "1000"]).is(0).json();
    let calls = listed.iter().filter(|entry| entry["kind"] == "call").rev();
    let text = |value: &Value| value.as_str().unwrap_or("-").to_owned();
    calls.map(|call| format!("{} {}", text(&call["action"]), text(&call["outcome"]))).collect()
}

async fn auz_09_every_command_of_the_operator_is_in_the_trail(stage: Stage) {
    stage.create("bob");
    stage.run(&["user", "block", "bob"]).is(0);
    stage.run(&["user", "show", "nobody"]).is(4).says("there is no account \"nobody\"");
    stage.run(&["user", "revoke", "ann", "admin"]).is(4).says("the last active administrator");
    stage.run(&["user", "delete", "bob"]).is(2);
    stage.run(&["service", "create", "gateway"]).is(0);
    stage.run(&["keys", "list"]).is(0);
    assert_eq!(
        commands(&stage),
        [
            "admins.init done",
            "users.create done",
            "users.block done",
            "users.show user_not_found",
            "users.revoke last_admin",
            "users.delete wrong_usage",
            "services.create done",
            "keys.list done",
        ]
    );
    let bob = stage.account("bob")["id"].as_str().unwrap().to_owned();
    let trail = stage.run(&["user", "audit", "bob", "--json"]).is(0).json();
    for entry in &trail {
        assert_eq!(entry["target_id"], bob.as_str(), "{entry}");
        assert_eq!(entry["actor"], "operator", "{entry}");
    }
    let actions: Vec<&str> = trail.iter().filter_map(|entry| entry["action"].as_str()).collect();
    assert_eq!(
        actions,
        [
            "users.show",
            "users.delete",
            "vestibule.user.blocked.v1",
            "users.block",
            "vestibule.user.registered.v1",
            "users.create",
        ]
    );
    assert_eq!(trail[2]["changes"]["status"], json!({ "before": "active", "after": "blocked" }));
    let services = stage.run(&["audit", "list", "--action", "services.*", "--json"]).is(0).json();
    let services_id = stage.run(&["service", "list", "--json"]).is(0).json()[0]["id"].clone();
    assert_eq!(services[0]["subject"], services_id);

    let shown = stage.run(&["user", "audit", "bob", "--action", "vestibule.*"]).is(0);
    shown.says("user.blocked.v1 (status \"active\" -> \"blocked\")");
    shown.says("email nothing -> \"bob@example.org\"");
    let page = stage.run(&["user", "audit", "bob", "--limit", "1"]).is(0);
    page.says("more: vestibule user audit bob --after ");
    stage.run(&["audit", "list", "--by", "ann"]).is(0).says("there are no entries here");
    stage.run(&["audit", "list", "--by", "nobody"]).is(4).says("there is no account");
    stage.run(&["audit", "list", "--since", "yesterday"]).is(2).says("RFC 3339");
}

async fn why_somebody_cannot_get_in_is_said(stage: Stage) {
    stage.create("bob");
    let told = stage.run(&["user", "explain", "bob"]).is(0);
    told.says("could bob sign in now, with the right password: yes");
    stage.run(&["user", "block", "bob"]).is(0);
    let told = stage.run(&["user", "explain", "bob@example.org"]).is(0);
    told.says("could bob sign in now, with the right password: no");
    told.says("blocking  account_blocked").says("by operator)");
    let told = stage.run(&["user", "explain", "bob", "--json"]).is(0).json();
    assert_eq!(told[0]["could_sign_in"], false);
    assert_eq!(told[0]["findings"][0]["code"], "account_blocked");
    let unknown = stage.run(&["user", "explain", "bib@example.org"]).is(4);
    unknown.says("there is no account \"bib@example.org\"; vestibule user list shows who is there");
}

async fn everything_about_somebody_is_exported(stage: Stage) {
    stage.create("bob");
    let export = stage.run(&["user", "export", "bob"]).is(0).out;
    let export: Value = serde_json::from_str(&export).unwrap();
    assert_eq!(export["account"], stage.account("bob"));
    assert_eq!((&export["sessions"], &export["devices"]), (&json!([]), &json!([])));
    let registered = &export["events"][0];
    assert_eq!(registered["action"], "vestibule.user.registered.v1");
    assert_eq!(registered["changes"]["email"]["after"], "bob@example.org");
}

async fn lif_06_a_receipt_is_left_of_an_erased_account(stage: Stage) {
    stage.create("bob");
    let bob = stage.account("bob");
    let id = bob["id"].as_str().unwrap();
    stage.run(&["user", "delete", "bob", "--final", "--yes"]).is(0);
    assert_eq!(stage.account(id)["receipt"], Value::Null, "not yet");
    assert!(stage.run(&["user", "export", id]).is(0).out.contains("account_erased"));
    erase(&stage);
    let receipt = &stage.account(id)["receipt"];
    assert_eq!(receipt["deleted_by"], "operator", "{receipt}");
    stage.run(&["user", "show", id]).is(0).says("by operator").says("erased  ");
    stage.run(&["user", "explain", id]).is(0).says("account_erased").says(": no");
    let trail = stage.run(&["user", "audit", id, "--json"]).is(0).json();
    assert!(trail.iter().any(|entry| entry["action"] == "vestibule.user.purged.v1"));
    assert!(!format!("{trail:?}").contains("bob"), "{trail:?}");
}

/// A worker runs until there is a receipt.
fn erase(stage: &Stage) {
    let mut worker = stage.start(&["worker"]);
    let deadline = std::time::Instant::now() + std::time::Duration::from_mins(1);
    loop {
        let purged = stage.run(&["audit", "list", "--action", "vestibule.user.purged.v1"]);
        if purged.out.contains("user.purged") {
            break;
        }
        assert!(std::time::Instant::now() < deadline, "{purged:?}");
    }
    worker.kill().unwrap();
    worker.wait().unwrap();
}
