//! `/api/v1/admin/services`: services, made and kept by administrators.

use domain::{Identifier, RoleName};
use operations::{accounts, roles};
use serde_json::{Value, json};
use testkit::{App, on_every_backend};

use super::support::{any, assert_field, assert_problem};

pub(super) const SERVICES: &str = "/api/v1/admin/services";

on_every_backend!(App::on =>
    an_administrator_makes_reads_rotates_and_deletes_a_service,
    pwd_07_a_session_of_another_surface_makes_and_takes_no_secret,
);

/// The access token of a new administrator.
pub(super) async fn administrator(app: &App, name: &str) -> String {
    app.register(name).await;
    let user = accounts::find(&app.services, &Identifier::recognise(name)).await.expect("there");
    let admin = RoleName::new(RoleName::ADMIN);
    let ctx = app.services.operator();
    roles::grant(&app.services, &ctx, user.id, &admin).await.expect("granted");
    testkit::access_token(&app.sign_in(name).await)
}

async fn an_administrator_makes_reads_rotates_and_deletes_a_service(app: App) {
    let token = administrator(&app, "ann").await;
    let body = json!({ "name": "gateway", "permissions": ["tokens:revoke", "tokens:introspect"] });
    let create = || app.post(SERVICES, &body).bearer(&token);
    let reply = create().send().await.expect(201);
    assert_eq!(reply.header("cache-control"), Some("no-store"));
    let made = reply.json();
    let secret = made["client_secret"].as_str().expect("a secret").to_owned();
    assert_eq!(secret.len(), 43);
    assert_eq!(made["client_id"], made["id"]);
    assert_eq!(made["permissions"], json!(["tokens:introspect", "tokens:revoke"]));
    assert_eq!(made["created_by"], app.account("ann").await.id.to_string());
    assert_eq!(made["last_used_at"], Value::Null);
    assert_problem(&create().send().await, 409, "service_name_taken");

    let path = format!("{SERVICES}/{}", made["id"].as_str().expect("an id"));
    let listed = app.get(SERVICES).bearer(&token).send().await.expect(200);
    let read = app.get(&path).bearer(&token).send().await.expect(200);
    assert_eq!(listed.json()["services"], json!([read.json()]));
    for reply in [&listed, &read] {
        assert!(!reply.text.contains("secret\""), "shown once: {}", reply.text);
    }

    let rotate = format!("{path}/rotate");
    let call = || app.call(http::Method::POST, &rotate).bearer(&token);
    let rotated = call().send().await.expect(200);
    assert_eq!(rotated.header("cache-control"), Some("no-store"));
    let rotated = rotated.json();
    assert_ne!(rotated["client_secret"], secret.as_str());
    let until = (app.now() + std::time::Duration::from_hours(24)).to_rfc3339();
    assert_eq!(rotated["previous_secret_until"], until);
    let leaked = call().json(&json!({ "keep_previous": false })).send().await.expect(200).json();
    assert_eq!(leaked["previous_secret_until"], app.now().to_rfc3339());
    assert_field(
        &call().json(&json!({ "keep_previous": "no" })).send().await,
        "keep_previous",
        "wrong_type",
    );

    let delete = || app.call(http::Method::DELETE, &path).bearer(&token);
    delete().send().await.expect(204);
    assert_problem(&delete().send().await, 404, "service_not_found");
    assert_problem(&app.get(&path).bearer(&token).send().await, 404, "service_not_found");
    assert_problem(&call().send().await, 404, "service_not_found");
    create().send().await.expect(201);
}

/// The weakest surface is no door to secrets that no sign-out ends.
async fn pwd_07_a_session_of_another_surface_makes_and_takes_no_secret(app: App) {
    let own = administrator(&app, "ann").await;
    let body = json!({ "username": "ann", "password": testkit::PASSWORD });
    let pair = app.post("/api/auth/jwt/create/", &body).send().await.expect(200).json();
    let foreign = pair["access"].as_str().expect("a token").to_owned();
    let body = json!({ "name": "gateway", "permissions": ["tokens:introspect"] });
    let refused = app.post(SERVICES, &body).bearer(&foreign).send().await;
    assert_problem(&refused, 401, "sign_in_here");
    let made = app.post(SERVICES, &body).bearer(&own).send().await.expect(201).json();
    let path = format!("{SERVICES}/{}", made["id"].as_str().expect("an id"));
    let rotate = format!("{path}/rotate");
    for (method, path) in [(http::Method::POST, &rotate), (http::Method::DELETE, &path)] {
        let refused = app.call(method, path).bearer(&foreign).send().await;
        assert_problem(&refused, 401, "sign_in_here");
    }
    let read = app.get(&path).bearer(&foreign).send().await.expect(200).json();
    assert_eq!(read["rotated_at"], Value::Null, "and nothing was done");
}

#[tokio::test]
async fn what_is_wrong_with_a_service_is_said_by_field() {
    let app = any().await;
    let token = administrator(&app, "ann").await;
    let create = async |body: Value| app.post(SERVICES, &body).bearer(&token).send().await;
    let reply = create(json!({ "name": "Gate", "permissions": ["users:write"] })).await;
    assert_field(&reply, "name", "forbidden_character");
    assert_field(&reply, "permissions", "unknown_permission");
    for known in ["users:write", "tokens:introspect", "tokens:revoke", "revocations:read"] {
        assert!(reply.text.contains(known), "{known}: {}", reply.text);
    }
    assert_field(&create(json!({})).await, "name", "required");
    assert_field(&create(json!({ "name": 1 })).await, "name", "wrong_type");
    for permissions in [json!("events:read"), json!([1]), json!(null), json!({ "a": 1 })] {
        let reply = create(json!({ "name": "a", "permissions": permissions })).await;
        assert_field(&reply, "permissions", "wrong_type");
    }
    let reply = create(json!({ "name": "a", "client_secret": "mine" })).await;
    assert_field(&reply, "client_secret", "unknown_field");
    let listed = app.get(SERVICES).bearer(&token).send().await.expect(200);
    assert_eq!(listed.json(), json!({ "services": [] }));
}

/// AUZ-05: nobody else manages services, and hears nothing about them.
#[tokio::test]
async fn who_is_no_administrator_manages_no_services() {
    let app = any().await;
    let token = app.newcomer("bob").await;
    let user = accounts::find(&app.services, &Identifier::recognise("bob")).await.expect("there");
    let moderator = RoleName::new(RoleName::MODERATOR);
    let ctx = app.services.operator();
    roles::grant(&app.services, &ctx, user.id, &moderator).await.expect("granted");
    let fresh = testkit::access_token(&app.sign_in("bob").await);
    let nobody = format!("{SERVICES}/{}", user.id);
    let rotate = format!("{nobody}/rotate");
    for token in [&token, &fresh] {
        for call in [
            app.get(SERVICES),
            app.post(SERVICES, &json!({ "name": 1 })),
            app.get(&nobody),
            app.call(http::Method::DELETE, &nobody),
            app.call(http::Method::POST, &rotate),
        ] {
            let reply = call.bearer(token).send().await;
            // A token from before the role may be refused as such.
            if reply.status != 401 {
                assert_problem(&reply, 403, "permission_missing");
            }
        }
    }
    let admin = administrator(&app, "ann").await;
    for id in ["x", "0", "%ff", "01234567-89ab-cdef-0123-456789abcdef"] {
        let reply = app.get(&format!("{SERVICES}/{id}")).bearer(&admin).send().await;
        assert_problem(&reply, 404, "service_not_found");
    }
}
