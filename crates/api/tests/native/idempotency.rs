//! `Idempotency-Key` on `POST /api/v1/auth/register` (REG-11, R-04)

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::{Value, json};
use testkit::{App, PASSWORD, Reply, on_every_backend};

on_every_backend!(App::on =>
    reg_11_the_same_request_under_the_same_key_is_done_once,
    reg_11_rivals_under_one_key_make_one_account,
    another_request_under_a_used_key_is_refused,
    a_refused_request_leaves_its_key_free,
    a_key_is_forgotten_after_a_day,
    a_key_goes_with_its_account,
);

async fn register(app: &App, key: &str, body: &Value) -> Reply {
    app.post("/api/v1/auth/register", body).header("Idempotency-Key", key).send().await
}

fn ann() -> Value {
    json!({ "username": "ann", "email": "ann@example.org", "password": PASSWORD })
}

async fn reg_11_the_same_request_under_the_same_key_is_done_once(app: App) {
    let first = register(&app, "k1", &ann()).await.expect(201).json();
    // Also on another node, and after the first one's answer was lost.
    let second = register(&app.beside().await, "k1", &ann()).await.expect(201).json();
    assert_eq!(first, second);
    register(&app, "k2", &ann()).await.expect(409);
}

async fn reg_11_rivals_under_one_key_make_one_account(app: App) {
    let app = Arc::new(app);
    let mut rivals = tokio::task::JoinSet::new();
    for _ in 0..20 {
        let app = Arc::clone(&app);
        rivals.spawn(async move { register(&app, "k", &ann()).await });
    }
    let answers = rivals.join_all().await;
    let ids: BTreeSet<String> =
        answers.into_iter().map(|answer| answer.expect(201).text_at("/id")).collect();
    assert_eq!(ids.len(), 1);
}

async fn another_request_under_a_used_key_is_refused(app: App) {
    register(&app, "k", &ann()).await.expect(201);
    let mut other = ann();
    other["password"] = json!("another correct horse");
    let answer = register(&app, "k", &other).await.expect(422);
    assert_eq!(answer.text_at("/code"), "idempotency_mismatch");
}

async fn a_refused_request_leaves_its_key_free(app: App) {
    let weak = json!({ "username": "ann", "password": "short" });
    register(&app, "k", &weak).await.expect(422);
    register(&app, "k", &ann()).await.expect(201);
    register(&app, "other", &ann()).await.expect(409);
    let bea = json!({ "username": "bea", "password": PASSWORD });
    register(&app, "other", &bea).await.expect(201);
}

async fn a_key_is_forgotten_after_a_day(app: App) {
    register(&app, "k", &ann()).await.expect(201);
    app.advance(std::time::Duration::from_hours(26));
    app.sweep().await;
    register(&app, "k", &ann()).await.expect(409);
}

async fn a_key_goes_with_its_account(app: App) {
    register(&app, "k", &ann()).await.expect(201);
    let token = testkit::access_token(&app.sign_in("ann").await);
    let proof = json!({ "current_password": PASSWORD });
    app.delete("/api/v1/users/current", &proof).bearer(&token).send().await.expect(200);
    let answer = register(&app, "k", &ann()).await.expect(409);
    assert_eq!(answer.text_at("/code"), "username_taken", "held until it cannot be restored");
}

#[tokio::test]
async fn a_key_is_short_and_visible() {
    let app = App::on(testkit::Backend::Sqlite).await;
    for key in ["", " ", "a b", "ключ", &"k".repeat(256)] {
        let answer = register(&app, key, &ann()).await.expect(422);
        assert_eq!(answer.text_at("/errors/0/field"), "Idempotency-Key");
    }
    register(&app, &"k".repeat(255), &ann()).await.expect(201);
}
