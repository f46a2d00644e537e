//! `GET /api/v1/admin/policy/report`

use domain::RoleName;
use serde_json::json;
use testkit::{App, Backend, PASSWORD, access_token};

use super::support::{REGISTER, assert_problem};

const REPORT: &str = "/api/v1/admin/policy/report";

testkit::on_every_backend!(with_candidate => every_surface_feeds_the_report);

async fn with_candidate(backend: Backend) -> App {
    App::with(&[("VESTIBULE_PASSWORDS__CANDIDATE__PROFILE", "nist")]).start(backend).await
}

async fn every_surface_feeds_the_report(app: App) {
    let token = app.newcomer("root").await;
    assert_problem(&app.get(REPORT).send().await, 401, "token_missing");
    assert_problem(&app.get(REPORT).bearer(&token).send().await, 403, "permission_missing");
    let id = app.account("root").await.id;
    let moderator = RoleName::new(RoleName::MODERATOR);
    let operator = app.services.operator();
    operations::roles::grant(&app.services, &operator, id, &moderator).await.expect("granted");
    let short = json!({ "username": "ann", "email": "ann@x.io", "password": "zq9vk3wxb7" });
    app.post(REGISTER, &short).send().await.expect(201);
    let login = json!({ "username": "ann", "password": "zq9vk3wxb7" });
    app.post("/auth/login", &login).send().await.expect(200);
    let token = access_token(&app.sign_in("root").await);
    let report = app.get(REPORT).bearer(&token).send().await.expect(200).json();
    assert_eq!(
        report,
        json!({
            "candidate": { "min_length": 15, "blocklist": true },
            "complete": true,
            "accounts_seen": 2,
            "accounts_passing": 1,
            "first_seen_at": "2026-01-01T00:00:00.000000Z",
            "last_seen_at": "2026-01-01T00:00:00.000000Z",
            "rules": [{ "rule": "password.too_short", "accounts": 1 }],
        })
    );
    let jwt = json!({ "username": "ann", "password": "zq9vk3wxb7" });
    app.post("/api/auth/jwt/create/", &jwt).send().await.expect(200);
    assert_eq!(app.try_sign_in("ann", PASSWORD).await.status, 401);
    assert_eq!(app.get(REPORT).bearer(&token).send().await.expect(200).json(), report);
}
