//! The life of an account at the command line, on every backend.

use serde_json::{Value, json};
use testkit::{PASSWORD, on_every_backend};

use super::Stage;

on_every_backend!(Stage::with_admin =>
    an_account_is_made_shown_blocked_deleted_and_restored,
    a_role_is_granted_once_and_revoked_once,
    a_password_is_set_and_every_session_is_over,
    a_final_deletion_frees_the_names_and_cannot_be_undone,
    an_account_is_found_by_each_of_its_names,
    an_account_is_made_without_a_password_changed_and_verified,
    somebody_is_blocked_for_a_while_and_for_a_reason,
);

async fn an_account_is_made_shown_blocked_deleted_and_restored(stage: Stage) {
    stage.create("bob");
    let shown = stage.run(&["user", "show", "bob"]).is(0);
    shown.says("bob@example.org (not verified)").says("status     active");

    stage.run(&["user", "recover", "bob"]).is(0).says("bob is sent a code and a link");
    stage.run(&["user", "block", "bob"]).is(0).says("blocked bob");
    stage.run(&["user", "block", "bob"]).is(0).says("bob is blocked already");
    stage.run(&["user", "recover", "bob"]).is(4);
    assert_eq!(stage.account("bob")["status"], "blocked");
    stage.run(&["user", "unblock", "bob"]).is(0).says("unblocked bob");
    stage.run(&["user", "unblock", "bob"]).is(0).says("bob is not blocked");

    let deleted = stage.run(&["user", "delete", "bob", "--yes"]).is(0);
    deleted.says("deleted bob").says("its owner is told by mail");
    let account = stage.account("bob");
    assert_eq!(account["status"], "deleted");
    assert!(account["purge_at"].is_string());
    stage.run(&["user", "show", "bob"]).is(0).says("deleted, erased after");
    let refused = stage.run(&["user", "block", "bob"]).is(4);
    refused.says("bob is deleted; bring it back first: vestibule user restore bob");
    stage.run(&["user", "delete", "bob", "--yes"]).is(4).says("bob is deleted");

    stage.run(&["user", "restore", "bob"]).is(0).says("restored bob");
    stage.run(&["user", "restore", "bob"]).is(0).says("bob is not deleted");
    assert_eq!(stage.account("bob")["status"], "active");
    stage.run(&["fsck"]).is(0);
}

async fn a_role_is_granted_once_and_revoked_once(stage: Stage) {
    let arguments = ["user", "create", "--phone", "+49 30 123456", "--role", "moderator"];
    let made = stage.type_in(PASSWORD, &[&arguments[..], &["--password-stdin"]].concat()).is(0);
    made.says("made +4930123456");
    let roles = |name| stage.account(name)["roles"].clone();
    assert_eq!(roles("+4930123456"), serde_json::json!(["moderator", "user"]));

    stage.create("bob");
    stage.run(&["user", "grant", "bob", "admin"]).is(0).says("granted admin to bob");
    stage.run(&["user", "grant", "bob", "admin"]).is(0).says("bob has the role admin already");
    stage.run(&["user", "revoke", "ann", "admin"]).is(0).says("revoked admin from ann");
    stage.run(&["user", "revoke", "ann", "admin"]).is(0).says("ann does not have the role admin");
    stage.run(&["fsck"]).is(0);
}

async fn a_password_is_set_and_every_session_is_over(stage: Stage) {
    let before = stage.account("ann");
    let arguments = ["user", "set-password", "ann", "--password-stdin"];
    stage.type_in("another horse battery", &arguments).is(0).says("set the password of ann");
    let after = stage.account("ann");
    assert_ne!(before["updated_at"], after["updated_at"]);
    stage.run(&["fsck"]).is(0);
}

async fn a_final_deletion_frees_the_names_and_cannot_be_undone(stage: Stage) {
    stage.create("bob");
    let id = stage.account("bob")["id"].as_str().unwrap().to_owned();
    let deleted = stage.run(&["user", "delete", "bob", "--final", "--yes"]).is(0);
    deleted.says(&format!("deleted bob for good ({id})"));
    stage.run(&["user", "show", "bob"]).is(4).says("there is no account \"bob\"");
    stage.run(&["fsck"]).is(0);
    stage.run(&["user", "restore", &id]).is(4).says("could be restored is over");
    stage.create("bob");
    assert_ne!(stage.account("bob")["id"], id);
    stage.run(&["fsck"]).is(0);
}

async fn an_account_is_made_without_a_password_changed_and_verified(stage: Stage) {
    let email = ["--email", "bob@example.org"];
    let create =
        [&["user", "create", "--username", "bob", "--without-password"], &email[..]].concat();
    stage.run(&create).is(0).says("made bob");
    stage.run(&["user", "verify", "bob", "--email"]).is(0).says("verified bob");
    stage.run(&["user", "verify", "bob", "--email"]).is(0).says("bob is verified already");
    stage.run(&["user", "verify", "bob", "--phone"]).is(4).says("the phone number is needed");
    stage.run(&["user", "show", "bob"]).is(0).says("bob@example.org (verified)");

    let update = |arguments: &[&str]| stage.run(&[&["user", "update", "bob"], arguments].concat());
    update(&["--email", "Bob@example.com", "--language", "ru"]).is(0).says("changed bob");
    update(&["--email", "Bob@example.com"]).is(0).says("bob is so already");
    update(&["--email", "nonsense"]).is(4).says("the e-mail address is not one");
    update(&[]).is(2).says("nothing to change");
    update(&["--phone", "+49 30 123456", "--clear", "phone"]).is(2);
    update(&["--clear", "language", "--first-name", "Bob", "--metadata", r#"{"a":1}"#]).is(0);
    let bob = stage.account("bob");
    assert_eq!((&bob["email"], &bob["email_verified"]), (&json!("Bob@example.com"), &json!(false)));
    assert_eq!((&bob["locale"], &bob["metadata"]), (&Value::Null, &json!({ "a": 1 })));
    stage.run(&["fsck"]).is(0);
}

async fn somebody_is_blocked_for_a_while_and_for_a_reason(stage: Stage) {
    stage.create("bob");
    let block = |arguments: &[&str]| stage.run(&[&["user", "block", "bob"], arguments].concat());
    block(&["--until", "tomorrow"]).is(2).says("neither a time");
    block(&["--until", "2020-01-01T00:00:00Z"]).is(4).says("is over already");
    assert_eq!(stage.account("bob")["status"], "active");
    let blocked =
        block(&["--until", "2999-12-31T12:00:00+01:00", "--reason", "asked for it"]).is(0);
    blocked.says("blocked bob until 2999-12-31 11:00 UTC");
    let bob = stage.account("bob");
    assert_eq!(bob["blocked_until"], "2999-12-31T11:00:00.000000Z");
    assert_eq!(bob["blocked_reason"], "asked for it");
    let shown = stage.run(&["user", "show", "bob"]).is(0);
    shown.says("blocked until 2999-12-31 11:00:00 UTC").says("why        asked for it");
    block(&["--until", "7d"]).is(0).says("blocked bob until");
    block(&[]).is(0).says("blocked bob; every session is over");
    assert_eq!(stage.account("bob")["blocked_until"], Value::Null);
    stage.run(&["user", "unblock", "bob"]).is(0).says("unblocked bob");
    assert_eq!(stage.account("bob")["blocked_reason"], Value::Null);
    stage.run(&["fsck"]).is(0);
}

async fn an_account_is_found_by_each_of_its_names(stage: Stage) {
    stage.create("Bob");
    let bob = stage.account("Bob");
    let id = bob["id"].as_str().unwrap();
    for name in ["bob", "BOB@EXAMPLE.org", id, &id.to_uppercase()] {
        assert_eq!(stage.account(name), bob, "{name}");
    }
    // Whoever takes the id of another for a name must not be mistaken for that other.
    stage.create(id);
    stage.run(&["user", "block", id]).is(4).says("two accounts fit");
    assert_eq!(stage.account("bob")["status"], "active");
}
