//! `POST /api/v1/auth/register`

use serde_json::json;
use testkit::{App, PASSWORD, on_every_backend};

const PATH: &str = "/api/v1/auth/register";

on_every_backend!(App::on => a_newcomer_is_shown_as_registered);

async fn a_newcomer_is_shown_as_registered(app: App) {
    let body = json!({ "username": "Ann", "email": "Ann@Example.ORG", "password": PASSWORD });
    let user = app.post(PATH, &body).send().await.expect(201).json();
    assert_eq!(user["username"], "Ann");
    assert_eq!(user["email"], "Ann@example.org");
    assert_eq!(user["number"], 1);
    assert_eq!(user["roles"], json!(["user"]));
    assert_eq!(user["status"], "active");
    assert_eq!(user["created_at"], "2026-01-01T00:00:00.000000Z");
}
