//! `/livez`, `/readyz`, `/metrics`

use testkit::{App, on_every_backend};

use super::support::{CURRENT, LOGIN, any, assert_problem};

on_every_backend!(App::on => we_are_ready_while_the_database_answers);

async fn we_are_ready_while_the_database_answers(app: App) {
    assert_eq!(app.get("/livez").send().await.expect(200).json()["status"], "alive");
    assert_eq!(app.get("/readyz").send().await.expect(200).json()["status"], "ready");
    app.services.stop().await;
    app.get("/livez").send().await.expect(200);
    let reply = app.get("/readyz").send().await;
    assert_problem(&reply, 503, "unavailable");
    assert_eq!(reply.json()["reason"], "database");
    assert!(reply.header("retry-after").is_some());
}

/// What needs the database says when to come back, and blames nobody.
#[tokio::test]
async fn without_a_database_we_are_unavailable_and_not_broken() {
    let app = any().await;
    let token = app.newcomer("ann").await;
    app.services.stop().await;
    let reply = app.get(CURRENT).bearer(&token).send().await;
    assert_problem(&reply, 503, "unavailable");
    let body = serde_json::json!({ "identifier": "ann", "password": "x" });
    let reply = app.post(LOGIN, &body).send().await;
    assert_problem(&reply, 503, "unavailable");
    for leak in ["sqlite", "pool", "database"] {
        assert!(!reply.text.to_lowercase().contains(leak), "{}", reply.text);
    }
}

#[tokio::test]
async fn a_process_that_stops_is_not_ready() {
    let app = any().await;
    app.draining.begin();
    let reply = app.get("/readyz").send().await;
    assert_problem(&reply, 503, "unavailable");
    assert_eq!(reply.json()["reason"], "stopping");
    app.get("/livez").send().await.expect(200);
    app.register("ann").await;
}

#[tokio::test]
async fn requests_are_counted_by_route_and_status() {
    let app = any().await;
    let token = app.newcomer("ann").await;
    app.get(&format!("{CURRENT}?secret=canary")).bearer(&token).send().await.expect(200);
    app.get("/canary-path").send().await.expect(404);
    app.call("CANARY".parse().expect("a method"), CURRENT).send().await.expect(405);
    let reply = app.get("/metrics").send().await.expect(200);
    assert_eq!(reply.header("content-type"), Some("text/plain; version=0.0.4; charset=utf-8"));
    let lines: Vec<&str> = reply.text.lines().collect();
    let counted = |parts: &[&str]| {
        lines.iter().any(|line| {
            line.starts_with("vestibule_http_requests_total")
                && parts.iter().all(|part| line.contains(part))
        })
    };
    assert!(counted(&["method=\"GET\"", "route=\"/api/v1/users/current\"", "status=\"200\""]));
    assert!(counted(&["route=\"unmatched\"", "status=\"404\""]));
    assert!(counted(&["method=\"other\"", "status=\"405\""]));
    assert!(reply.text.contains("vestibule_http_request_seconds"));
    assert!(!reply.text.to_lowercase().contains("canary"), "labels are few and say nothing");
}

/// A stranger can send any method to any path in either spelling: that makes no series.
#[tokio::test]
async fn what_strangers_invent_is_counted_together() {
    let app = any().await;
    let paths = [LOGIN, "/api/v1/users/current", "/api/auth/users/me", "/api/auth/jwt/create"];
    for method in ["PURGE", "PROPFIND", "DELETE", "HEAD"] {
        // The last two never take these; the original of djoser asks for credentials first (401).
        for path in [LOGIN, "/api/auth/jwt/create", "/api/auth/users/reset_password", "/nowhere"] {
            for path in [path.to_owned(), format!("{path}/")] {
                let reply = app.call(method.parse().expect("a method"), &path).send().await;
                assert!([401, 404, 405].contains(&reply.status.as_u16()), "{method} {path}");
            }
        }
    }
    for path in paths {
        for path in [path.to_owned(), format!("{path}/")] {
            app.get(&path).send().await;
        }
    }
    let text = app.get("/metrics/").send().await.expect(200).text;
    let requests = text.lines().filter(|line| line.starts_with("vestibule_http_request"));
    let mut counted = 0;
    for line in requests {
        let is_root = line.contains("route=\"/\"");
        assert!(is_root || !line.contains("/\""), "in one spelling: {line}");
        let is_asked = [LOGIN, "/api/auth/jwt/create", "/api/auth/users/reset_password"]
            .iter()
            .any(|path| line.contains(&format!("route=\"{path}\"")));
        let is_nowhere = line.contains("route=\"unmatched\"");
        // Other tests ask beforehand whether they may, as browsers do.
        if is_asked && !line.contains("surface=\"none\"") {
            let methods = ["method=\"POST\"", "method=\"other\""];
            assert!(methods.iter().any(|method| line.contains(method)), "{line}");
            counted += 1;
        }
        assert!(!is_nowhere || line.contains("method=\"other\""), "{line}");
    }
    assert!(counted > 0, "{text}");
}
