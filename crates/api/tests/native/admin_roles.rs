//! `/api/v1/admin/roles`: what people may be.

use domain::RoleName;
use http::Method;
use serde_json::{Value, json};
use testkit::{App, Reply, access_token, on_every_backend};

use super::services::administrator;
use super::support::{CURRENT, any, assert_field, assert_problem};

const ROLES: &str = "/api/v1/admin/roles";

on_every_backend!(App::on => a_role_is_made_read_changed_and_deleted);

async fn call(app: &App, token: &str, method: &str, path: &str, body: Option<Value>) -> Reply {
    let method: Method = method.parse().expect("a method");
    let call = app.call(method, &format!("{ROLES}{path}")).bearer(token);
    match body {
        Some(body) => call.json(&body).send().await,
        None => call.send().await,
    }
}

async fn grant(app: &App, name: &str, role: &str) {
    let (id, role, operator) =
        (app.account(name).await.id, RoleName::new(role), app.services.operator());
    operations::roles::grant(&app.services, &operator, id, &role).await.expect("granted");
}

async fn a_role_is_made_read_changed_and_deleted(app: App) {
    let root = administrator(&app, "root").await;
    let body = json!({
        "name": "support", "description": "First line",
        "permissions": ["users:block", "users:read", "users:read"],
    });
    let made = call(&app, &root, "POST", "", Some(body.clone())).await.expect(201).json();
    let expected = json!({
        "name": "support", "description": "First line",
        "permissions": ["users:read", "users:block"], "built_in": false,
    });
    assert_eq!(made, expected);
    assert_problem(&call(&app, &root, "POST", "", Some(body)).await, 409, "role_name_taken");
    assert_eq!(call(&app, &root, "GET", "/support", None).await.expect(200).json(), made);
    let listed = call(&app, &root, "GET", "", None).await.expect(200).json();
    assert_eq!(listed["roles"].as_array().map(Vec::len), Some(4));
    assert!(listed["roles"].as_array().expect("a list").contains(&made));

    app.register("ann").await;
    grant(&app, "ann", "support").await;
    let ann = access_token(&app.sign_in("ann").await);
    let path = format!("/api/v1/admin/users/{}/sessions", app.account("root").await.id);
    app.get(&path).bearer(&ann).send().await.expect(200);
    let change = json!({ "permissions": [] });
    let changed = call(&app, &root, "PATCH", "/support", Some(change)).await.expect(200).json();
    assert_eq!(
        (&changed["permissions"], &changed["description"]),
        (&json!([]), &made["description"])
    );
    assert_problem(&app.get(&path).bearer(&ann).send().await, 403, "permission_missing");
    let shown = app.get(CURRENT).bearer(&ann).send().await.expect(200).json();
    assert_eq!(shown["permissions"], json!([]), "what is remembered is forgotten");
    app.run_jobs().await;
    assert_problem(&app.get(CURRENT).bearer(&ann).send().await, 401, "token_revoked");

    assert_problem(&call(&app, &root, "DELETE", "/support", None).await, 409, "role_held");
    let forced = "/support?force=true";
    call(&app, &root, "DELETE", forced, None).await.expect(204);
    assert_problem(&call(&app, &root, "DELETE", forced, None).await, 404, "role_not_found");
    assert_eq!(app.account("ann").await.roles, [RoleName::new("user")]);
    assert_problem(
        &call(&app, &root, "DELETE", "/user?force=true", None).await,
        409,
        "role_built_in",
    );
    let weaker = Some(json!({ "permissions": ["users:read"] }));
    assert_problem(&call(&app, &root, "PATCH", "/admin", weaker).await, 409, "role_built_in");
}

#[tokio::test]
async fn what_is_wrong_with_a_role_is_said_by_field() {
    let app = any().await;
    let root = administrator(&app, "root").await;
    let create = async |body: Value| call(&app, &root, "POST", "", Some(body)).await;
    let reply = create(json!({ "name": "Support", "permissions": ["tokens:revoke"] })).await;
    assert_field(&reply, "name", "forbidden_character");
    assert_field(&reply, "permissions", "unknown_permission");
    assert!(reply.text.contains("roles:manage"), "those that there are: {}", reply.text);
    assert_field(&create(json!({})).await, "name", "required");
    for (field, value) in
        [("name", json!(1)), ("permissions", json!("users:read")), ("description", json!(null))]
    {
        let mut body = json!({ "name": "support" });
        body[field] = value;
        assert_field(&create(body).await, field, "wrong_type");
    }
    for field in ["built_in", "holders", "id"] {
        assert_field(
            &create(json!({ "name": "support", field: true })).await,
            field,
            "unknown_field",
        );
    }
    let renaming = Some(json!({ "name": "other" }));
    let reply = call(&app, &root, "PATCH", "/moderator", renaming).await;
    assert_field(&reply, "name", "unknown_field");
    let listed = call(&app, &root, "GET", "", None).await.expect(200).json();
    assert_eq!(listed["roles"].as_array().map(Vec::len), Some(3));
}

/// AUZ-05: whoever may not hears so, whatever is named.
#[tokio::test]
async fn auz_05_who_may_not_define_roles() {
    let app = any().await;
    let root = administrator(&app, "root").await;
    for name in ["mod", "ann"] {
        app.register(name).await;
    }
    grant(&app, "mod", "moderator").await;
    let moderator = access_token(&app.sign_in("mod").await);
    let ann = access_token(&app.sign_in("ann").await);
    for name in ["admin", "nobody", "%ff", "%00"] {
        let path = format!("/{name}");
        for (method, path, body) in [
            ("POST", "", Some(json!({ "name": 1 }))),
            ("PATCH", path.as_str(), Some(json!({ "permissions": 1 }))),
            ("DELETE", path.as_str(), None),
        ] {
            for token in [&moderator, &ann] {
                let refused = call(&app, token, method, path, body.clone()).await;
                assert_problem(&refused, 403, "permission_missing");
            }
        }
        for path in ["", path.as_str()] {
            let refused = call(&app, &ann, "GET", path, None).await;
            assert_problem(&refused, 403, "permission_missing");
        }
        if name != "admin" {
            for (method, body) in [("GET", None), ("PATCH", Some(json!({}))), ("DELETE", None)] {
                let missing = call(&app, &root, method, &path, body).await;
                assert_problem(&missing, 404, "role_not_found");
            }
        }
    }
    call(&app, &moderator, "GET", "/admin", None).await.expect(200);
}
