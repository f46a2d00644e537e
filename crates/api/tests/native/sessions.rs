//! `/api/v1/users/current/sessions` and `/api/v1/admin/users/{id}/sessions`

use std::net::{IpAddr, Ipv4Addr};
use std::time::Duration;

use domain::RoleName;
use serde_json::{Value, json};
use testkit::{App, PASSWORD, access_token, on_every_backend, refresh_token};

use super::support::{LOGIN, any, assert_problem, at_once, events_of, refresh, standing};

const SESSIONS: &str = "/api/v1/users/current/sessions";

on_every_backend!(App::on =>
    ses_10_people_see_where_they_are_signed_in,
    ses_10_one_session_ends_and_no_other,
    ses_10_all_other_sessions_end,
    ses_10_the_session_of_another_does_not_exist,
    of_two_that_end_each_other_one_stays,
    administrators_see_and_end_the_sessions_of_others,
);

async fn list(app: &App, access: &str) -> Vec<Value> {
    let reply = app.get(SESSIONS).bearer(access).send().await.expect(200).json();
    reply["sessions"].as_array().expect("a list").clone()
}

/// The id of the session that the access token belongs to.
async fn own_id(app: &App, access: &str) -> String {
    let sessions = list(app, access).await;
    let own = sessions.iter().find(|session| session["current"] == true).expect("one's own");
    own["id"].as_str().expect("an id").to_owned()
}

async fn revoke(app: &App, access: &str, id: &str) -> testkit::Reply {
    let path = format!("{SESSIONS}/{id}");
    app.call(http::Method::DELETE, &path).bearer(access).send().await
}

/// What the pair is worth: its access token and, after that, its refresh token.
async fn assert_pair(app: &App, pair: &Value, is_alive: bool) {
    let expected = if is_alive { 200 } else { 401 };
    assert_eq!(standing(app, &access_token(pair)).await, expected);
    refresh(app, &refresh_token(pair)).await.expect(expected);
}

async fn ses_10_people_see_where_they_are_signed_in(app: App) {
    app.register("ann").await;
    app.newcomer("bob").await;
    let first = app.sign_in("ann").await;
    app.advance(Duration::from_mins(1));
    let body = json!({ "identifier": "ann", "password": PASSWORD });
    let second = app.post(LOGIN, &body).header("user-agent", "Phone/1").send();
    let second = access_token(&second.await.expect(200).json());
    app.advance(Duration::from_mins(1));
    refresh(&app, &refresh_token(&first)).await.expect(200);
    let over = app.sign_in("ann").await;
    let body = json!({ "refresh_token": over["refresh_token"] });
    app.post("/api/v1/auth/logout", &body).send().await.expect(204);

    let sessions = list(&app, &second).await;
    let shown = |session: &Value| {
        ["surface", "created_at", "last_seen_at", "expires_at", "address", "agent", "current"]
            .map(|name| session[name].clone())
    };
    assert_eq!(
        sessions.iter().map(shown).collect::<Vec<_>>(),
        [
            [
                json!("native"),
                json!("2026-01-01T00:01:00.000000Z"),
                json!("2026-01-01T00:01:00.000000Z"),
                json!("2026-01-15T00:01:00.000000Z"),
                json!("192.0.2.1"),
                json!("Phone/1"),
                json!(true),
            ],
            [
                json!("native"),
                json!("2026-01-01T00:00:00.000000Z"),
                json!("2026-01-01T00:02:00.000000Z"),
                json!("2026-01-15T00:02:00.000000Z"),
                json!("192.0.2.1"),
                Value::Null,
                json!(false),
            ],
        ]
    );
    // What is over by time is not listed either.
    app.advance(Duration::from_hours(14 * 24) - Duration::from_secs(30));
    let latest = app.sign_in("ann").await;
    let sessions = list(&app, &access_token(&latest)).await;
    assert_eq!(sessions.len(), 2, "{sessions:?}");
}

async fn ses_10_one_session_ends_and_no_other(app: App) {
    let user = app.register("ann").await;
    let other = app.beside().await;
    let pairs = [app.sign_in("ann").await, app.sign_in("ann").await, app.sign_in("ann").await];
    let [own, lost, third] = &pairs;
    let id = own_id(&app, &access_token(lost)).await;
    revoke(&app, &access_token(own), &id).await.expect(204);
    for node in [&app, &other] {
        assert_pair(node, lost, false).await;
        assert_eq!(standing(node, &access_token(own)).await, 200);
        assert_eq!(standing(node, &access_token(third)).await, 200);
    }
    let again = revoke(&app, &access_token(own), &id).await;
    assert_problem(&again, 404, "session_not_found");
    let events = events_of(&app, &user).await;
    assert_eq!(events.last().map(String::as_str), Some("session.revoked.v1"));
    // One's own is no exception.
    revoke(&app, &access_token(own), &own_id(&app, &access_token(own)).await).await.expect(204);
    assert_pair(&app, own, false).await;
    assert_pair(&app, third, true).await;
}

async fn ses_10_all_other_sessions_end(app: App) {
    let user = app.register("ann").await;
    let stranger = app.newcomer("bob").await;
    let own = app.sign_in("ann").await;
    let others = [app.sign_in("ann").await, app.sign_in("ann").await];
    for _ in 0..2 {
        let call = app.call(http::Method::DELETE, SESSIONS).bearer(&access_token(&own));
        call.send().await.expect(204);
    }
    for pair in &others {
        assert_pair(&app, pair, false).await;
    }
    assert_pair(&app, &own, true).await;
    assert_eq!(standing(&app, &stranger).await, 200);
    let events = events_of(&app, &user).await;
    let ended = events.iter().filter(|name| *name == "user.sessions_revoked.v1").count();
    assert_eq!(ended, 1, "nothing ends the second time: {events:?}");
}

async fn ses_10_the_session_of_another_does_not_exist(app: App) {
    let ann = app.newcomer("ann").await;
    let bob = app.newcomer("bob").await;
    let id = own_id(&app, &bob).await;
    for id in [id.as_str(), "01980000-0000-7000-8000-000000000000", "x", "%ff", "%2e%2e", "null"] {
        assert_problem(&revoke(&app, &ann, id).await, 404, "session_not_found");
    }
    assert_eq!(standing(&app, &bob).await, 200);
    assert_eq!(standing(&app, &ann).await, 200);
}

/// Whoever is signed out signs nobody out any more, however close the two requests are.
async fn of_two_that_end_each_other_one_stays(app: App) {
    app.register("ann").await;
    let beside = app.beside().await;
    for _ in 0..10 {
        let (one, two) = (app.sign_in("ann").await, app.sign_in("ann").await);
        let calls = [(&app, &one), (&beside, &two)].map(|(node, pair)| {
            node.call(http::Method::DELETE, SESSIONS).bearer(&access_token(pair))
        });
        at_once(calls).await;
        let alive =
            [standing(&app, &access_token(&one)).await, standing(&app, &access_token(&two)).await];
        assert_eq!(alive.iter().filter(|status| **status == 200).count(), 1, "{alive:?}");
    }
}

async fn grant(app: &App, name: &str, role: &str) {
    let id = app.account(name).await.id;
    let role = RoleName::new(role);
    let operator = app.services.operator();
    operations::roles::grant(&app.services, &operator, id, &role).await.expect("granted");
}

/// AUZ-05, SES-09
async fn administrators_see_and_end_the_sessions_of_others(app: App) {
    for name in ["root", "mod", "ann"] {
        app.register(name).await;
    }
    grant(&app, "root", "admin").await;
    grant(&app, "mod", "moderator").await;
    let [root, moderator, ann] =
        [app.sign_in("root").await, app.sign_in("mod").await, app.sign_in("ann").await];
    let [root_access, moderator_access, ann_access] = [&root, &moderator, &ann].map(access_token);
    let other = app.sign_in("ann").await;
    let path = |id: domain::UserId| format!("/api/v1/admin/users/{id}/sessions");
    let ann_path = path(app.account("ann").await.id);

    let listed = app.get(&ann_path).bearer(&moderator_access).send().await.expect(200).json();
    assert_eq!(listed["sessions"].as_array().map(Vec::len), Some(2));
    assert_eq!(listed["sessions"][0]["current"], false);
    let call = |method: &str, path: &str, token: &str| {
        app.call(method.parse().expect("a method"), path).bearer(token)
    };
    // Who may not do this learns nothing, not even whether there is such an account.
    for path in [&ann_path, &path(domain::UserId(uuid::Uuid::nil()))] {
        for (method, path) in
            [("GET", path.clone()), ("DELETE", path.clone()), ("DELETE", format!("{path}/x"))]
        {
            let reply = call(method, &path, &ann_access).send().await;
            assert_problem(&reply, 403, "permission_missing");
        }
    }
    let one = format!("{ann_path}/{}", own_id(&app, &ann_access).await);
    call("DELETE", &one, &moderator_access).send().await.expect(204);
    assert_pair(&app, &ann, false).await;
    assert_problem(&call("DELETE", &one, &root_access).send().await, 404, "session_not_found");
    assert_pair(&app, &other, true).await;
    call("DELETE", &ann_path, &root_access).send().await.expect(204);
    assert_eq!(standing(&app, &access_token(&other)).await, 401);

    let root_path = path(app.account("root").await.id);
    let reply = call("DELETE", &root_path, &moderator_access).send().await;
    assert_problem(&reply, 403, "permission_missing");
    let nobody = path(domain::UserId(uuid::Uuid::nil()));
    for (method, path) in [("GET", nobody.as_str()), ("DELETE", &nobody)] {
        let reply = call(method, path, &root_access).send().await;
        assert_problem(&reply, 404, "user_not_found");
    }
    call("DELETE", &root_path, &root_access).send().await.expect(204);
    assert_pair(&app, &root, false).await;
}

/// What a client calls itself is shown as it came, and steers nothing.
#[tokio::test]
async fn addresses_behind_no_proxy_are_those_of_the_socket() {
    let app = any().await;
    app.register("ann").await;
    let body = json!({ "identifier": "ann", "password": PASSWORD });
    let call = app.post(LOGIN, &body).from(IpAddr::V4(Ipv4Addr::new(198, 51, 100, 7)));
    let pair = call.header("x-forwarded-for", "203.0.113.9").send().await.expect(200).json();
    let sessions = list(&app, &access_token(&pair)).await;
    assert_eq!(sessions[0]["address"], "198.51.100.7");
}
