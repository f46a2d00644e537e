//! Every call of administrators is in the audit trail, and who may reads it (AUZ-09, LOG-04).

use domain::{Identifier, RoleName};
use http::Method;
use operations::{accounts, roles};
use serde_json::{Value, json};
use testkit::{App, access_token, on_every_backend};

use super::services::{SERVICES, administrator};
use super::support::{any, assert_field, assert_problem};

const AUDIT: &str = "/api/v1/admin/audit";

on_every_backend!(App::on =>
    who_did_what_to_whom_when_and_whence_is_told,
    lif_06_the_trail_outlives_the_account_without_what_was_personal,
    why_somebody_cannot_get_in_is_told,
);

/// Every path and method of administrators in the document.
fn documented() -> Vec<(Method, String)> {
    let document: Value =
        serde_json::from_str(&api::openapi("native").expect("a document")).expect("JSON");
    let paths = document["paths"].as_object().expect("paths").clone();
    let mut all = Vec::new();
    for (path, item) in paths.iter().filter(|(path, _)| path.starts_with("/api/v1/admin/")) {
        for name in item.as_object().expect("methods").keys() {
            all.push((name.to_uppercase().parse().expect("a method"), path.clone()));
        }
    }
    all
}

/// Action, actor and outcome of each call.
async fn rows(app: &App) -> Vec<[String; 3]> {
    let dump = app.database.dump().await;
    let row = |row: &testkit::Row| ["action", "actor", "outcome"].map(|column| row.text(column));
    dump.rows("audit_calls").iter().map(row).collect()
}

/// The document comes from the binary: a route that is not recorded fails here on its first day.
#[tokio::test]
async fn auz_09_no_documented_route_of_administrators_is_called_without_a_row() {
    let app = any().await;
    let admin = administrator(&app, "ann").await;
    let user = app.newcomer("bob").await;
    let id = uuid::Uuid::max().to_string();
    let all = documented();
    assert!(all.len() >= 10, "{all:?}");
    let mut names = std::collections::BTreeSet::new();
    for (method, path) in all {
        let filled: Vec<&str> =
            path.split('/').map(|part| if part.starts_with('{') { &id } else { part }).collect();
        let filled = filled.join("/");
        for (token, actor) in [(None, "anonymous"), (Some(&user), "user"), (Some(&admin), "user")] {
            for spelling in [filled.clone(), format!("{filled}/")] {
                let before = rows(&app).await.len();
                let call = app.call(method.clone(), &spelling).json(&json!({}));
                let call = if let Some(token) = token { call.bearer(token) } else { call };
                let reply = call.send().await;
                let rows = rows(&app).await;
                assert_eq!(rows.len(), before + 1, "{method} {spelling}: {rows:?}");
                let [action, who, outcome] = rows.last().expect("one more").clone();
                assert_eq!(who, actor, "{method} {spelling}");
                assert!(!action.is_empty() && !action.contains(['/', '{']), "{action}");
                let done = reply.status.is_success();
                assert_eq!(
                    outcome == "done",
                    done,
                    "{method} {spelling}: {outcome}, {}",
                    reply.text
                );
                if token == Some(&user) {
                    assert_eq!(outcome, "permission_missing", "{method} {spelling}");
                }
                if token.is_none() {
                    assert_eq!(outcome, "token_missing", "{method} {spelling}");
                }
                names.insert((method.clone().to_string(), path.clone(), action));
            }
        }
    }
    let distinct: std::collections::BTreeSet<_> = names.iter().map(|(.., name)| name).collect();
    assert!(distinct.len() + 1 >= names.len(), "two calls share a name: {names:?}");
    // What is no call of an administrator is none.
    let before = rows(&app).await.len();
    app.get("/api/v1/users/current").bearer(&admin).send().await.expect(200);
    app.call(Method::PUT, SERVICES).bearer(&admin).send().await.expect(405);
    app.get("/api/v1/admin/nowhere").bearer(&admin).send().await.expect(404);
    assert_eq!(rows(&app).await.len(), before);
}

/// LOG-05: without its row nothing is done and nothing answered.
#[tokio::test]
async fn auz_09_a_call_that_cannot_be_written_is_not_done() {
    let app = any().await;
    let admin = administrator(&app, "ann").await;
    app.database.execute("ALTER TABLE audit_calls RENAME TO hidden").await;
    let body = json!({ "name": "gateway" });
    let made = app.post(SERVICES, &body).bearer(&admin).send().await;
    assert!(made.status.is_server_error(), "{}", made.text);
    let listed = app.get(SERVICES).bearer(&admin).send().await;
    assert!(listed.status.is_server_error(), "{}", listed.text);
    app.database.execute("ALTER TABLE hidden RENAME TO audit_calls").await;
    assert_eq!(app.database.count("service_accounts").await, 0);
    app.post(SERVICES, &body).bearer(&admin).send().await.expect(201);
}

async fn who_did_what_to_whom_when_and_whence_is_told(app: App) {
    let admin = administrator(&app, "ann").await;
    let user = app.newcomer("bob").await;
    let (ann, bob) = (app.account("ann").await.id, app.account("bob").await.id);
    let first = app.now().to_rfc3339();
    app.advance(std::time::Duration::from_mins(1));
    let call = app.call(Method::PATCH, "/api/v1/users/current").json(&json!({ "first_name": "B" }));
    call.bearer(&user).send().await.expect(200);
    let path = format!("/api/v1/admin/users/{bob}/sessions");
    let call = app.call(Method::DELETE, &path).bearer(&admin).header("x-request-id", "the-request");
    call.header("user-agent", "browser").send().await.expect(204);

    let of_bob = format!("/api/v1/admin/users/{bob}/audit");
    let read = |path: String| app.get(&path).bearer(&admin).send();
    let trail = read(of_bob.clone()).await.expect(200).json();
    let entries = trail["entries"].as_array().expect("entries");
    let told: Vec<(&str, &str)> = entries
        .iter()
        .map(|entry| {
            (entry["kind"].as_str().expect("text"), entry["action"].as_str().expect("text"))
        })
        .collect();
    assert_eq!(
        told,
        [
            ("event", "vestibule.user.sessions_revoked.v1"),
            ("call", "users.sessions.delete"),
            ("event", "vestibule.user.profile_updated.v1"),
            ("event", "vestibule.user.signed_in.v1"),
            ("event", "vestibule.user.registered.v1"),
        ]
    );
    let call = &entries[1];
    for (member, expected) in [
        ("actor", json!("user")),
        ("actor_id", json!(ann.to_string())),
        ("target_id", json!(bob.to_string())),
        ("outcome", json!("done")),
        ("surface", json!("native")),
        ("address", json!("192.0.2.1")),
        ("agent", json!("browser")),
        ("request_id", json!("the-request")),
        ("at", json!(app.now().to_rfc3339())),
    ] {
        assert_eq!(call[member], expected, "{member}: {call}");
    }
    assert_eq!(entries[0]["request_id"], "the-request");
    assert_eq!(entries[2]["changes"], json!({ "first_name": { "before": "", "after": "B" } }));

    for (query, expected) in [
        (format!("actor={ann}&target={bob}"), 3),
        (format!("target={bob}&action=vestibule.*"), 4),
        (format!("target={bob}&until={}", first.replace("00Z", "01Z")), 2),
        (format!("actor={bob}&since={}", app.now().to_rfc3339()), 1),
        ("actor=nobody".to_owned(), 0),
        ("action=users.*".to_owned(), 2),
    ] {
        let found = read(format!("{AUDIT}?{query}")).await.expect(200).json();
        assert_eq!(found["entries"].as_array().map(Vec::len), Some(expected), "{query}: {found}");
    }
    let page =
        read(format!("{of_bob}?limit=4&action=vestibule.*&limit=2")).await.expect(200).json();
    let next = page["next"].as_str().expect("there is more");
    let rest = read(format!("{of_bob}?action=vestibule.*&cursor={next}")).await.expect(200).json();
    assert_eq!(rest["entries"].as_array().map(Vec::len), Some(2));
    assert_eq!(rest["next"], Value::Null);
    for (query, field, code) in [
        ("limit=0", "limit", "too_small"),
        ("limit=201", "limit", "too_large"),
        ("limit=x", "limit", "wrong_type"),
        ("cursor=x", "cursor", "not_a_cursor"),
        ("since=yesterday", "since", "not_a_time"),
        ("until=2026-13-01T00:00:00Z", "until", "not_a_time"),
    ] {
        assert_field(&read(format!("{AUDIT}?{query}")).await, field, code);
    }
    let nobody = format!("/api/v1/admin/users/{}/audit", uuid::Uuid::nil());
    assert_problem(&read(nobody).await, 404, "user_not_found");
}

async fn lif_06_the_trail_outlives_the_account_without_what_was_personal(app: App) {
    let admin = administrator(&app, "ann").await;
    let user = app.newcomer("bob").await;
    let bob = app.account("bob").await.id;
    let moderator = RoleName::new(RoleName::MODERATOR);
    let operator = app.services.operator();
    roles::grant(&app.services, &operator, bob, &moderator).await.expect("granted");
    let token = access_token(&app.sign_in("bob").await);
    let from = "198.51.100.77".parse().expect("an address");
    let ann = app.account("ann").await.id;
    let path = format!("/api/v1/admin/users/{ann}/sessions");
    let agent = "CanaryBrowser";
    let call = app.get(&path).bearer(&token).from(from).header("user-agent", agent);
    call.send().await.expect(200);
    drop(user);

    accounts::delete(&app.services, &operator, bob).await.expect("deleted");
    app.run_jobs().await;
    app.advance(std::time::Duration::from_hours(30 * 24));
    app.run_jobs().await;
    let dump = app.database.dump().await;
    for canary in ["bob", "198.51.100.77", agent] {
        assert_eq!(dump.places_of(canary), [""; 0], "{canary}");
    }
    let admin = {
        drop(admin);
        access_token(&app.sign_in("ann").await)
    };
    let path = format!("{AUDIT}?actor={bob}&action=users.sessions");
    let trail = app.get(&path).bearer(&admin).send().await.expect(200).json();
    let entry = &trail["entries"][0];
    assert_eq!(entry["target_id"], ann.to_string());
    assert_eq!((&entry["address"], &entry["agent"]), (&Value::Null, &Value::Null));
    let path = format!("/api/v1/admin/users/{bob}/audit");
    let trail = app.get(&path).bearer(&admin).send().await.expect(200).json();
    let entries = trail["entries"].as_array().expect("entries");
    assert_eq!(entries[0]["action"], "vestibule.user.purged.v1");
    for entry in entries {
        assert_eq!(entry["changes"], json!({}), "{entry}");
    }
}

async fn why_somebody_cannot_get_in_is_told(app: App) {
    let admin = administrator(&app, "ann").await;
    app.newcomer("bob").await;
    let bob = app.account("bob").await.id;
    accounts::block(&app.services, &app.services.operator(), bob).await.expect("blocked");
    let path = format!("/api/v1/admin/users/{bob}/explain");
    let told = app.get(&path).bearer(&admin).send().await.expect(200).json();
    assert_eq!((&told["could_sign_in"], &told["status"]), (&json!(false), &json!("blocked")));
    let finding = &told["findings"][0];
    assert_eq!(
        (&finding["code"], &finding["severity"]),
        (&json!("account_blocked"), &json!("blocking"))
    );
    assert_eq!(finding["since"], app.now().to_rfc3339());
    assert_eq!(finding["by"], json!({ "actor": "operator", "id": null }));
    let nobody = format!("/api/v1/admin/users/{}/explain", uuid::Uuid::nil());
    assert_problem(&app.get(&nobody).bearer(&admin).send().await, 404, "user_not_found");
    let found = accounts::find(&app.services, &Identifier::recognise("bob")).await;
    assert!(found.is_ok());
}
