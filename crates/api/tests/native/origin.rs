//! What pages of other sites may do with our cookies: nothing (WEB-02).

use http::Method;
use serde_json::{Value, json};
use testkit::{App, Call, PASSWORD, access_token, refresh_token};

use super::support::{
    CURRENT, LOGOUT, LOGOUT_ALL, REFRESH, any, any_with, assert_problem, standing,
};

const FRIEND: &str = "https://app.example.org";
const OURS: &str = "http://127.0.0.1:8000";

/// Every mutation that cookies can vouch for.
fn mutations(app: &App) -> Vec<Call> {
    vec![
        app.patch(CURRENT, &json!({ "first_name": "Eve" })),
        app.delete(CURRENT, &json!({ "current_password": PASSWORD })),
        app.call(Method::POST, LOGOUT),
        app.call(Method::POST, LOGOUT_ALL),
        app.call(Method::POST, REFRESH),
    ]
}

fn with_cookies(call: Call, pair: &Value) -> Call {
    let (access, refresh) = (access_token(pair), refresh_token(pair));
    call.header("cookie", &format!("access_token={access}; refresh_token={refresh}"))
}

#[tokio::test]
async fn a_foreign_page_does_nothing_with_our_cookies() {
    let app = any_with(&[("VESTIBULE_HTTP__CORS_ORIGINS", FRIEND)]).await;
    app.register("ann").await;
    let pair = app.sign_in("ann").await;
    let foreign: [&[(&str, &str)]; 14] = [
        &[("origin", "https://evil.example")],
        &[("origin", "null")],
        &[("origin", "")],
        &[("origin", "http://127.0.0.1:8001")],
        &[("origin", "https://127.0.0.1:8000")],
        &[("origin", "http://127.0.0.1:8000.evil.example")],
        &[("origin", "http://127.0.0.1")],
        &[("origin", "https://app.example.org.evil.example")],
        &[("origin", "https://evil-app.example.org")],
        &[("origin", "http://app.example.org")],
        &[("sec-fetch-site", "cross-site")],
        &[("sec-fetch-site", "same-site")],
        &[("origin", "https://evil.example"), ("sec-fetch-site", "same-origin")],
        &[("origin", OURS), ("sec-fetch-site", "cross-site")],
    ];
    for headers in foreign {
        for call in mutations(&app) {
            let call = with_cookies(call, &pair);
            let call = headers.iter().fold(call, |call, (name, value)| call.header(name, value));
            let reply = call.send().await;
            assert_problem(&reply, 403, "foreign_origin");
            assert_eq!(reply.set_cookie("access_token"), None, "{headers:?}");
        }
    }
    assert_eq!(standing(&app, &access_token(&pair)).await, 200);
    let user = app.get(CURRENT).bearer(&access_token(&pair)).send().await.json();
    assert_eq!(user["first_name"], "");
    // One cookie is enough to ask the question.
    for (path, name) in [(REFRESH, "refresh_token"), (LOGOUT, "access_token")] {
        let token = pair[name].as_str().expect("a token");
        let call = app.call(Method::POST, path).cookie(name, token);
        let reply = call.header("origin", "https://evil.example").send().await;
        assert_problem(&reply, 403, "foreign_origin");
    }
}

#[tokio::test]
async fn our_pages_and_those_we_named_and_no_pages_at_all_may() {
    let app = any_with(&[("VESTIBULE_HTTP__CORS_ORIGINS", FRIEND)]).await;
    app.register("ann").await;
    let fine: [&[(&str, &str)]; 6] = [
        &[],
        &[("origin", OURS)],
        &[("origin", FRIEND)],
        &[("origin", OURS), ("sec-fetch-site", "same-origin")],
        &[("origin", FRIEND), ("sec-fetch-site", "cross-site")],
        &[("sec-fetch-site", "same-origin")],
    ];
    for headers in fine {
        for call in mutations(&app) {
            let pair = app.sign_in("ann").await;
            let call = with_cookies(call, &pair);
            let call = headers.iter().fold(call, |call, (name, value)| call.header(name, value));
            let reply = call.send().await;
            assert!(reply.status.is_success(), "{headers:?}: {}", reply.text);
            if reply.text.contains("purge_at") {
                app.run_jobs().await;
                let token = app.mailbox.newest_to("ann@example.org").token();
                let body = json!({ "identifier": "ann", "restoration_token": token });
                app.post(super::support::RESTORE, &body).send().await.expect(200);
                app.advance(std::time::Duration::from_secs(1));
            }
        }
    }
}

/// A header cannot be sent by accident: whoever sends it may, from wherever.
#[tokio::test]
async fn a_header_token_is_never_affected() {
    let app = any().await;
    app.register("ann").await;
    for (name, value) in [("origin", "https://evil.example"), ("sec-fetch-site", "cross-site")] {
        let pair = app.sign_in("ann").await;
        let bystander = app.sign_in("ann").await;
        let patch = app.patch(CURRENT, &json!({ "first_name": "Ann" })).header(name, value);
        patch.bearer(&access_token(&pair)).send().await.expect(200);
        // The cookies of a bystander do not count then, for good or ill.
        let patch = app.patch(CURRENT, &json!({ "first_name": "Ann" })).header(name, value);
        let patch = with_cookies(patch, &bystander).bearer(&access_token(&pair));
        patch.send().await.expect(200);
        let refresh = app.call(Method::POST, REFRESH).header(name, value);
        let refresh = with_cookies(refresh, &bystander).bearer(&access_token(&pair));
        assert_problem(&refresh.send().await, 401, "token_missing");
        let logout = app.call(Method::POST, LOGOUT).header(name, value);
        let logout = with_cookies(logout, &bystander).bearer(&access_token(&pair));
        logout.send().await.expect(204);
        assert_eq!(standing(&app, &access_token(&pair)).await, 401);
        assert_eq!(standing(&app, &access_token(&bystander)).await, 200);
    }
}

/// Reading changes nothing; a page of another site cannot see the answer.
#[tokio::test]
async fn reading_by_cookie_is_not_a_mutation() {
    let app = any().await;
    let token = app.newcomer("ann").await;
    for method in [Method::GET, Method::HEAD] {
        let call = app.call(method, CURRENT).cookie("access_token", &token);
        let reply = call.header("origin", "https://evil.example").send().await.expect(200);
        assert_eq!(reply.header("access-control-allow-origin"), None);
    }
}
