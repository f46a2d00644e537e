//! Roles at the command line, on every backend.

use serde_json::json;
use testkit::on_every_backend;

use super::Stage;

on_every_backend!(Stage::with_admin => a_role_is_made_given_changed_and_deleted);

async fn a_role_is_made_given_changed_and_deleted(stage: Stage) {
    stage.create("bob");
    let role = |arguments: &[&str]| stage.run(&[&["role"], arguments].concat());
    let made = role(&["create", "support", "--permission", "users:read", "--description", "1st"]);
    made.is(0).says("made the role support");
    role(&["create", "support"]).is(4).says("another role has this name");
    let refused = role(&["create", "more", "--permission", "tokens:revoke"]).is(4);
    refused.says("a role has no permission \"tokens:revoke\"; there are users:read, ");
    role(&["create", "More"]).is(4).says("the name holds a character");
    let shown = role(&["show", "support", "--json"]).is(0).json();
    let expected = json!({
        "name": "support", "description": "1st", "permissions": ["users:read"], "built_in": false,
    });
    assert_eq!(shown, [expected]);
    role(&["list"]).is(0).says("support    users:read");
    assert_eq!(role(&["list", "--json"]).is(0).json().len(), 4);

    let set = stage.run(&["user", "roles", "set", "bob", "support", "moderator"]).is(0);
    set.says("bob has now: moderator, support, user");
    stage.run(&["user", "roles", "set", "bob", "support"]).is(0).says("now: support, user");
    stage.run(&["user", "roles", "set", "bob", "king"]).is(4).says("see vestibule role list");
    stage.run(&["user", "roles", "set", "ann"]).is(4).says("the last active administrator");
    let changed = role(&["update", "support", "--permit", "users:block", "--forbid", "users:read"]);
    changed.is(0).says("support permits now: users:block");
    assert_eq!(stage.account("bob")["permissions"], json!(["users:block"]));
    role(&["update", "support", "--forbid", "users:block"]).is(0).says("permits nothing now");
    role(&["update", "support"]).is(2).says("nothing to change");
    role(&["update", "admin", "--forbid", "users:read"]).is(4).says("built in");
    role(&["show", "king"]).is(4).says("there is no such role: see vestibule role list");

    role(&["delete", "support"]).is(4).says("say --force");
    role(&["delete", "support", "--force"]).is(0).says("deleted the role support");
    role(&["delete", "moderator", "--force"]).is(4).says("built in");
    assert_eq!(stage.account("bob")["roles"], json!(["user"]));
    stage.run(&["fsck"]).is(0);
}
