//! `/api/v1/admin/webhooks`: where events are sent, for administrators.

use domain::{Identifier, RoleName};
use http::Method;
use operations::{accounts, roles};
use serde_json::{Value, json};
use testkit::{App, Backend, HttpServer, Reply, on_every_backend};

use super::services::administrator;
use super::support::{any, assert_field, assert_problem};

const WEBHOOKS: &str = "/api/v1/admin/webhooks";
const DELETED: &str = "vestibule.user.deleted.v1";
const SIGNED_IN: &str = "vestibule.user.signed_in.v1";

on_every_backend!(std::future::ready =>
    an_administrator_makes_changes_pauses_and_deletes_a_webhook,
    pwd_07_a_session_of_another_surface_makes_and_takes_no_webhook,
);

/// It trusts `server`, which stands in an allowed network.
async fn app_with(server: &HttpServer, backend: Backend) -> App {
    let ca_file = server.ca_file().display().to_string();
    let settings = [
        ("VESTIBULE_WEBHOOKS__CA_FILE", ca_file.as_str()),
        ("VESTIBULE_WEBHOOKS__ALLOWED_NETWORKS", "127.0.0.0/8,::1/128"),
    ];
    App::with(&settings).start(backend).await
}

async fn an_administrator_makes_changes_pauses_and_deletes_a_webhook(backend: Backend) {
    let server = HttpServer::start(&[]);
    let app = app_with(&server, backend).await;
    let token = administrator(&app, "ann").await;
    app.relay_events().await;
    let url = format!("{}/events", server.url());
    let body = json!({ "url": url, "types": [SIGNED_IN, DELETED, DELETED] });
    let reply = app.post(WEBHOOKS, &body).bearer(&token).send().await.expect(201);
    assert_eq!(reply.header("cache-control"), Some("no-store"));
    let made = reply.json();
    let secret = made["secret"].as_str().expect("a secret").to_owned();
    assert!(secret.starts_with("whsec_"), "{secret}");
    assert_eq!(made["url"], url.as_str());
    assert_eq!(made["types"], json!([DELETED, SIGNED_IN]));
    assert_eq!(made["created_at"], app.now().to_rfc3339());
    assert_eq!((&made["paused_at"], &made["previous_secret_until"]), (&Value::Null, &Value::Null));

    let path = format!("{WEBHOOKS}/{}", made["id"].as_str().expect("an id"));
    let listed = app.get(WEBHOOKS).bearer(&token).send().await.expect(200);
    let read = app.get(&path).bearer(&token).send().await.expect(200);
    assert_eq!(listed.json()["webhooks"], json!([read.json()]));
    for reply in [&listed, &read] {
        assert!(!reply.text.contains("secret\":\""), "shown once: {}", reply.text);
    }

    let sink = async || -> Value {
        let status = app.get("/api/v1/admin/events/status").bearer(&token).send().await;
        status.expect(200).json()["sinks"][0].clone()
    };
    let id = made["id"].as_str().expect("an id");
    assert_eq!(sink().await["name"], format!("webhook-{id}"));
    assert_eq!((&sink().await["state"], &sink().await["lag"]), (&json!("active"), &json!(0)));

    let ask = async |verb: &str| -> Reply {
        app.call(Method::POST, &format!("{path}/{verb}")).bearer(&token).send().await
    };
    server.know(&secret);
    let paused = ask("pause").await.expect(200).json();
    assert_eq!(paused["paused_because"], "paused by hand");
    assert_eq!(paused["paused_at"], app.now().to_rfc3339());
    app.sign_in("ann").await;
    app.relay_events().await;
    assert!(server.requests().is_empty());
    assert_eq!((&sink().await["state"], &sink().await["lag"]), (&json!("paused"), &json!(1)));
    assert_eq!(ask("resume").await.expect(200).json()["paused_at"], Value::Null);
    app.relay_events().await;
    assert_eq!(server.requests().len(), 1, "what happened meanwhile is sent afterwards");
    assert_eq!(server.requests()[0].signed_by, std::slice::from_ref(&secret));

    let rotated = ask("rotate").await.expect(200);
    assert_eq!(rotated.header("cache-control"), Some("no-store"));
    let rotated = rotated.json();
    assert_ne!(rotated["secret"], secret.as_str());
    let until = (app.now() + std::time::Duration::from_hours(24)).to_rfc3339();
    assert_eq!(rotated["previous_secret_until"], until);
    let leaked = app.post(&format!("{path}/rotate"), &json!({ "keep_previous": false }));
    let leaked = leaked.bearer(&token).send().await.expect(200).json();
    assert_eq!(leaked["previous_secret_until"], app.now().to_rfc3339());

    let change = async |body: Value| app.patch(&path, &body).bearer(&token).send().await;
    let elsewhere = format!("{}/elsewhere", server.url());
    let changed = change(json!({ "url": elsewhere })).await.expect(200).json();
    assert_eq!((&changed["url"], &changed["types"]), (&json!(elsewhere), &made["types"]));
    let changed = change(json!({ "types": [] })).await.expect(200).json();
    assert_eq!((&changed["url"], &changed["types"]), (&json!(elsewhere), &json!([])));
    assert_eq!(change(json!({})).await.expect(200).json(), changed);

    let delete = || app.call(Method::DELETE, &path).bearer(&token);
    delete().send().await.expect(204);
    assert_problem(&delete().send().await, 404, "webhook_not_found");
    assert_problem(&app.get(&path).bearer(&token).send().await, 404, "webhook_not_found");
    assert_problem(&change(json!({ "types": [] })).await, 404, "webhook_not_found");
    for verb in ["rotate", "pause", "resume"] {
        assert_problem(&ask(verb).await, 404, "webhook_not_found");
    }
}

/// The weakest surface decides about no stream of everything that happens.
async fn pwd_07_a_session_of_another_surface_makes_and_takes_no_webhook(backend: Backend) {
    let server = HttpServer::start(&[]);
    let app = app_with(&server, backend).await;
    let own = administrator(&app, "ann").await;
    let body = json!({ "username": "ann", "password": testkit::PASSWORD });
    let pair = app.post("/api/auth/jwt/create/", &body).send().await.expect(200).json();
    let foreign = pair["access"].as_str().expect("a token").to_owned();
    let body = json!({ "url": server.url() });
    let refused = app.post(WEBHOOKS, &body).bearer(&foreign).send().await;
    assert_problem(&refused, 401, "sign_in_here");
    let made = app.post(WEBHOOKS, &body).bearer(&own).send().await.expect(201).json();
    let path = format!("{WEBHOOKS}/{}", made["id"].as_str().expect("an id"));
    let verbs = ["rotate", "pause", "resume"].map(|verb| (Method::POST, format!("{path}/{verb}")));
    for (method, path) in verbs.into_iter().chain([(Method::DELETE, path.clone())]) {
        let refused = app.call(method, &path).bearer(&foreign).send().await;
        assert_problem(&refused, 401, "sign_in_here");
    }
    let refused = app.patch(&path, &json!({ "types": [DELETED] })).bearer(&foreign).send().await;
    assert_problem(&refused, 401, "sign_in_here");
    let mut left = app.get(&path).bearer(&foreign).send().await.expect(200).json();
    left["secret"] = made["secret"].clone();
    assert_eq!(left, made, "and nothing was done");
}

#[tokio::test]
async fn what_is_wrong_with_a_webhook_is_said_by_field() {
    let app = any().await;
    let token = administrator(&app, "ann").await;
    let create = async |body: Value| app.post(WEBHOOKS, &body).bearer(&token).send().await;
    let reply = create(json!({ "url": "https://127.0.0.1/", "types": ["user.gone"] })).await;
    assert_field(&reply, "url", "url_not_allowed");
    assert_field(&reply, "types", "unknown_event_type");
    for url in ["", "x", "http://example.org/", "https://u:p@example.org/", "ftp://example.org/"] {
        assert_field(&create(json!({ "url": url })).await, "url", "url_not_allowed");
    }
    let long = format!("https://example.org/{}", "a".repeat(2000));
    assert_field(&create(json!({ "url": long })).await, "url", "too_long");
    assert_field(&create(json!({})).await, "url", "required");
    assert_field(&create(json!({ "url": 1 })).await, "url", "wrong_type");
    for types in [json!(DELETED), json!([1]), json!(null)] {
        let reply = create(json!({ "url": "https://example.org/", "types": types })).await;
        assert_field(&reply, "types", "wrong_type");
    }
    let reply = create(json!({ "url": "https://example.org/", "secret": "mine" })).await;
    assert_field(&reply, "secret", "unknown_field");
    let listed = app.get(WEBHOOKS).bearer(&token).send().await.expect(200);
    assert_eq!(listed.json(), json!({ "webhooks": [] }));

    let made = create(json!({ "url": "https://example.org/" })).await.expect(201).json();
    let path = format!("{WEBHOOKS}/{}", made["id"].as_str().expect("an id"));
    let body = json!({ "url": "https://10.0.0.1/", "types": [""] });
    let reply = app.patch(&path, &body).bearer(&token).send().await;
    assert_field(&reply, "url", "url_not_allowed");
    assert_field(&reply, "types", "unknown_event_type");
    let reply = app.patch(&path, &json!({ "paused_at": null })).bearer(&token).send().await;
    assert_field(&reply, "paused_at", "unknown_field");
}

/// AUZ-05: nobody else manages webhooks, and hears nothing about them.
#[tokio::test]
async fn who_is_no_administrator_manages_no_webhooks() {
    let app = any().await;
    app.register("bob").await;
    let user = accounts::find(&app.services, &Identifier::recognise("bob")).await.expect("there");
    let moderator = RoleName::new(RoleName::MODERATOR);
    let ctx = app.services.operator();
    roles::grant(&app.services, &ctx, user.id, &moderator).await.expect("granted");
    let token = testkit::access_token(&app.sign_in("bob").await);
    let nobody = format!("{WEBHOOKS}/{}", user.id);
    for call in [
        app.get(WEBHOOKS),
        app.post(WEBHOOKS, &json!({ "url": 1 })),
        app.get(&nobody),
        app.patch(&nobody, &json!({ "url": 1 })),
        app.call(Method::DELETE, &nobody),
        app.call(Method::POST, &format!("{nobody}/rotate")),
        app.call(Method::POST, &format!("{nobody}/pause")),
        app.call(Method::POST, &format!("{nobody}/resume")),
    ] {
        assert_problem(&call.bearer(&token).send().await, 403, "permission_missing");
    }
    let admin = administrator(&app, "ann").await;
    for id in ["x", "0", "%ff", "01234567-89ab-cdef-0123-456789abcdef"] {
        let reply = app.get(&format!("{WEBHOOKS}/{id}")).bearer(&admin).send().await;
        assert_problem(&reply, 404, "webhook_not_found");
    }
}
