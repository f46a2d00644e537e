//! `POST /api/v1/admin/users/bulk`: one verb for many accounts.

use std::time::Duration;

use domain::RoleName;
use operations::accounts::{Bulk, BulkAction, BulkCursor, Whom, run_bulk, seal_bulk_cursor};
use operations::{accounts, roles};
use serde_json::{Value, json};
use testkit::{App, Reply, access_token, on_every_backend};

use super::services::administrator;
use super::support::{assert_field, assert_problem, events_of};

const BULK: &str = "/api/v1/admin/users/bulk";

on_every_backend!(stage =>
    a_dry_run_counts_and_does_nothing,
    each_account_is_changed_as_the_single_verb_would,
    what_took_too_long_goes_on_by_its_cursor,
    as_many_ids_can_be_sent_as_may_be_meant,
    what_one_refuses_stops_no_other,
    auz_05_nobody_does_to_many_what_he_may_not_do_to_one,
);

struct Stage {
    app: App,
    /// Of root, an administrator.
    token: String,
}

/// The administrator root, and ann, bob and cid.
async fn stage(backend: testkit::Backend) -> Stage {
    let app = App::on(backend).await;
    let token = administrator(&app, "root").await;
    for name in ["ann", "bob", "cid"] {
        app.register(name).await;
    }
    Stage { app, token }
}

impl Stage {
    async fn ask(&self, body: Value) -> Reply {
        self.app.post(BULK, &body).bearer(&self.token).send().await
    }

    /// A dry run, and then what it said.
    async fn change(&self, mut body: Value) -> Value {
        let planned = self.ask(body.clone()).await.expect(200).json();
        assert_eq!(planned["dry_run"], true);
        body["dry_run"] = json!(false);
        body["expected"] = planned["count"].clone();
        self.ask(body).await.expect(200).json()
    }

    async fn statuses(&self) -> Vec<&'static str> {
        let mut statuses = Vec::new();
        for name in ["root", "ann", "bob", "cid"] {
            statuses.push(self.app.account(name).await.status.as_str());
        }
        statuses
    }

    async fn give(&self, name: &str, role: &str) {
        let (services, ctx) = (&self.app.services, self.app.services.operator());
        let id = self.app.account(name).await.id;
        roles::grant(services, &ctx, id, &RoleName::new(role)).await.expect("granted");
    }
}

fn done(changed: usize, unchanged: usize) -> Value {
    json!({
        "dry_run": false, "changed": changed, "unchanged": unchanged, "failed": [], "left": 0,
        "next": null,
    })
}

async fn a_dry_run_counts_and_does_nothing(stage: Stage) {
    let body = json!({ "action": "delete", "filter": { "contains": "example.org" } });
    let planned = stage.ask(body).await.expect(200).json();
    assert_eq!(planned["count"], 3, "whoever asks is not meant");
    let names: Vec<&str> = planned["first"]
        .as_array()
        .expect("accounts")
        .iter()
        .filter_map(|one| one["username"].as_str())
        .collect();
    assert_eq!(names, ["ann", "bob", "cid"]);
    assert_eq!(stage.statuses().await, ["active"; 4]);
    // Another number than was seen.
    let body = json!({ "action": "delete", "filter": { "contains": "example.org" },
        "dry_run": false, "expected": 2 });
    assert_problem(&stage.ask(body).await, 409, "selection_changed");
    assert_eq!(stage.statuses().await, ["active"; 4]);
}

async fn each_account_is_changed_as_the_single_verb_would(stage: Stage) {
    let app = &stage.app;
    let filter = json!({ "search": "b", "status": ["active", "blocked"] });
    let block = json!({ "action": "block", "filter": filter, "reason": "spam" });
    assert_eq!(stage.change(block.clone()).await, done(1, 0));
    assert_eq!(stage.change(block).await, done(0, 1), "it was so already");
    assert_eq!(stage.statuses().await, ["active", "active", "blocked", "active"]);
    let id = |name| async move { json!(app.account(name).await.id.to_string()) };
    let path = format!("/api/v1/admin/users/{}", app.account("bob").await.id);
    let bob = app.get(&path).bearer(&stage.token).send().await.expect(200).json();
    assert_eq!(bob["blocked_reason"], "spam");
    let both = json!([id("ann").await, id("bob").await, id("ann").await]);
    assert_eq!(stage.change(json!({ "action": "unblock", "ids": both })).await, done(1, 1));

    let ann = access_token(&app.sign_in("ann").await);
    let all = json!({ "created_after": "2000-01-01" });
    assert_eq!(stage.change(json!({ "action": "end_sessions", "filter": all })).await, done(3, 0));
    assert_eq!(super::support::standing(app, &ann).await, 401);
    assert_eq!(super::support::standing(app, &stage.token).await, 200, "but not one's own");

    let role = json!({ "action": "grant_role", "role": "moderator", "ids": both });
    assert_eq!(stage.change(role.clone()).await, done(2, 0));
    assert_eq!(stage.change(role).await, done(0, 2));
    let holders = json!({ "role": "moderator" });
    let role = json!({ "action": "revoke_role", "role": "moderator", "filter": holders });
    assert_eq!(stage.change(role).await, done(2, 0));

    assert_eq!(stage.change(json!({ "action": "delete", "filter": all })).await, done(3, 0));
    assert_eq!(stage.statuses().await, ["active", "deleted", "deleted", "deleted"]);
    let names = json!({ "search": "cid" });
    assert_eq!(stage.change(json!({ "action": "restore", "filter": names })).await, done(1, 0));
    assert_eq!(stage.statuses().await, ["active", "deleted", "deleted", "active"]);
    let cid = json!({ "id": id("cid").await });
    let events = events_of(app, &cid).await;
    assert!(events.ends_with(&["user.deleted.v1".into(), "user.restored.v1".into()]), "{events:?}");
}

async fn what_took_too_long_goes_on_by_its_cursor(stage: Stage) {
    let services = &stage.app.services;
    let mut ids = Vec::new();
    for name in ["ann", "bob", "cid"] {
        ids.push(stage.app.account(name).await.id);
    }
    // As if there had been time for one of them.
    let mut bulk = Bulk {
        action: BulkAction::Unblock,
        whom: Whom::These(ids.clone()),
        after: BulkCursor::START,
        patience: Duration::ZERO,
    };
    let first = run_bulk(services, &services.operator(), &bulk, 3).await.expect("a run");
    bulk.after = first.next.expect("two are left");
    let cursor = seal_bulk_cursor(services, &bulk, bulk.after).expect("sealed");
    let ids: Vec<String> = ids.iter().map(ToString::to_string).collect();
    let mut body = json!({ "action": "unblock", "ids": ids, "cursor": cursor });
    let planned = stage.ask(body.clone()).await.expect(200).json();
    assert_eq!((&planned["count"], &planned["next"]), (&json!(3), &Value::Null));
    assert_eq!(planned["first"].as_array().map(Vec::len), Some(2));
    (body["dry_run"], body["expected"]) = (json!(false), json!(3));
    assert_eq!(stage.ask(body.clone()).await.expect(200).json(), done(0, 2));
    body["action"] = json!("block");
    assert_field(&stage.ask(body).await, "cursor", "not_a_cursor");
}

/// They are more bytes than any other body may have.
async fn as_many_ids_can_be_sent_as_may_be_meant(stage: Stage) {
    let ids = |count: u128| -> Vec<String> {
        (0..count).map(|place| uuid::Uuid::from_u128(place).to_string()).collect()
    };
    let body = json!({ "action": "unblock", "ids": ids(10_000) });
    assert_eq!(stage.ask(body).await.expect(200).json()["count"], 10_000);
    let body = json!({ "action": "unblock", "ids": ids(10_001) });
    assert_problem(&stage.ask(body).await, 422, "selection_too_large");
    let body = json!({ "action": "unblock", "ids": ids(20_000) });
    assert_problem(&stage.ask(body).await, 413, "body_too_large");
}

async fn what_one_refuses_stops_no_other(stage: Stage) {
    let app = &stage.app;
    let nobody = uuid::Uuid::nil().to_string();
    accounts::delete(&app.services, &app.services.operator(), app.account("ann").await.id)
        .await
        .expect("deleted");
    let ann = app.account("ann").await.id.to_string();
    let cid = app.account("cid").await.id.to_string();
    let me = app.account("root").await.id.to_string();
    let body = json!({ "action": "block", "ids": [ann, nobody, me, cid] });
    let run = stage.change(body).await;
    assert_eq!(run["changed"], 1);
    let refused = |id: &str| json!({ "id": id, "code": "user_not_found" });
    assert_eq!(run["failed"], json!([refused(&ann), refused(&nobody)]));
    assert_eq!(stage.statuses().await, ["active", "deleted", "active", "blocked"]);
    let body = json!({ "action": "grant_role", "role": "nobody", "ids": [cid] });
    assert_eq!(stage.change(body).await["failed"][0]["code"], "role_not_found");
}

async fn auz_05_nobody_does_to_many_what_he_may_not_do_to_one(stage: Stage) {
    let app = &stage.app;
    stage.give("ann", "moderator").await;
    let ann = access_token(&app.sign_in("ann").await);
    let ask = async |body: Value| app.post(BULK, &body).bearer(&ann).send().await;
    let all = json!({ "status": "active" });
    for (action, role) in [
        ("delete", None),
        ("restore", None),
        ("grant_role", Some("user")),
        ("revoke_role", Some("admin")),
    ] {
        let mut body = json!({ "action": action, "filter": all });
        if let Some(role) = role {
            body["role"] = json!(role);
        }
        assert_problem(&ask(body.clone()).await, 403, "permission_missing");
        body["dry_run"] = json!(false);
        body["expected"] = json!(3);
        assert_problem(&ask(body).await, 403, "permission_missing");
    }
    let body = json!({ "action": "block", "filter": all, "dry_run": false, "expected": 3 });
    let run = ask(body).await.expect(200).json();
    assert_eq!(run["changed"], 2);
    let root = app.account("root").await.id.to_string();
    assert_eq!(run["failed"], json!([{ "id": root, "code": "permission_missing" }]));
    assert_eq!(stage.statuses().await, ["active", "active", "blocked", "blocked"]);
    let user = app.newcomer("dan").await;
    let reply = app.post(BULK, &json!({ "action": 1 })).bearer(&user).send().await;
    assert_problem(&reply, 403, "permission_missing");
}

#[tokio::test]
async fn what_is_wrong_with_a_bulk_change_is_said_by_field() {
    let stage = stage(testkit::Backend::Sqlite).await;
    let some = json!({ "search": "a" });
    for (body, field, code) in [
        (json!({}), "action", "required"),
        (json!({ "action": "purge", "filter": some }), "action", "unlike"),
        (json!({ "action": "block" }), "filter", "required"),
        (json!({ "action": "block", "filter": some, "ids": [] }), "ids", "superfluous"),
        (json!({ "action": "block", "filter": [] }), "filter", "wrong_type"),
        (json!({ "action": "block", "filter": {} }), "filter.search", "required"),
        (json!({ "action": "block", "filter": { "search": 1 } }), "filter.search", "wrong_type"),
        (
            json!({ "action": "block", "filter": { "contains": "ab" } }),
            "filter.contains",
            "too_short",
        ),
        (json!({ "action": "block", "filter": { "sort": "id" } }), "filter.sort", "unknown_field"),
        (
            json!({ "action": "block", "filter": { "role": "'" , "status": "x" } }),
            "filter.status",
            "unknown_value",
        ),
        (json!({ "action": "block", "ids": ["1"] }), "ids", "unlike"),
        (json!({ "action": "delete", "ids": [], "reason": "x" }), "reason", "unknown_field"),
        (json!({ "action": "delete", "ids": [], "role": "x" }), "role", "unknown_field"),
        (json!({ "action": "grant_role", "ids": [] }), "role", "required"),
        (json!({ "action": "block", "ids": [], "until": "soon" }), "until", "unlike"),
        (json!({ "action": "block", "ids": [], "dry_run": false }), "expected", "required"),
        (json!({ "action": "block", "ids": [], "dry_run": 0 }), "dry_run", "wrong_type"),
        (json!({ "action": "block", "ids": [], "expected": -1 }), "expected", "wrong_type"),
        (json!({ "action": "block", "ids": [], "all": true }), "all", "unknown_field"),
        (json!({ "action": "block", "ids": [], "cursor": 1 }), "cursor", "wrong_type"),
        (json!({ "action": "block", "ids": [], "cursor": "1" }), "cursor", "not_a_cursor"),
    ] {
        assert_field(&stage.ask(body).await, field, code);
    }
    let none = stage.ask(json!({ "action": "block", "ids": [] })).await.expect(200).json();
    assert_eq!(none, json!({ "dry_run": true, "count": 0, "first": [], "next": null }));
    assert_eq!(stage.statuses().await, ["active"; 4]);
}
