//! Limits by address, session and principal.

use std::net::IpAddr;
use std::time::Duration;

use data_encoding::BASE64URL_NOPAD;
use serde_json::json;
use testkit::{App, PASSWORD, RedisServer, Reply, access_token, refresh_token};

use super::support::retry_after;

testkit::on_every_backend!(App::on =>
    the_default_limits_are_those_of_the_contract,
    what_is_left_is_told_with_every_answer,
    a_refused_request_is_granted_when_it_was_told,
    lgn_06_no_spelling_of_path_or_address_dodges_a_limit,
    lgn_07_forwarded_addresses_count_only_from_trusted_proxies,
    one_limit_counts_on_every_surface,
    reg_18_hardened_surfaces_register_few_from_one_address,
    reg_18_all_who_register_have_one_budget_whatever_their_addresses,
    reg_18_instances_share_the_budget_in_redis_and_in_the_database,
    otp_12_links_are_tried_only_so_often_from_one_address,
    a_session_refreshes_only_so_often,
    observe_counts_and_refuses_nobody,
    off_does_not_even_count,
    instances_share_what_a_database_counts,
    r_12_instances_share_what_redis_counts_and_live_without_it,
);

const WRONG: &str = "not the password at all";

fn address(text: &str) -> IpAddr {
    text.parse().expect("an address")
}

async fn with(app: &App, settings: &[(&str, &str)]) -> App {
    App::with(settings).beside(app).await
}

async fn sign_in(app: &App, from: &str, password: &str) -> Reply {
    let body = json!({ "identifier": "ann", "password": password });
    app.post("/api/v1/auth/login", &body).from(address(from)).send().await
}

async fn the_default_limits_are_those_of_the_contract(app: App) {
    let defaults = [
        ("VESTIBULE_LIMITS__REGISTER", "20/min"),
        ("VESTIBULE_LIMITS__LOGIN", "30/min"),
        ("VESTIBULE_LIMITS__UPDATE", "20/min"),
        ("VESTIBULE_LIMITS__DELETE", "20/min"),
        ("VESTIBULE_LIMITS__RESTORE", "20/min"),
    ];
    let app = with(&app, &defaults).await;
    let token = app.newcomer("ann").await;
    for _ in 1..20 {
        app.post("/api/v1/auth/register", &json!({})).send().await.expect(422);
    }
    app.post("/api/v1/auth/register", &json!({})).send().await.expect(429);
    for _ in 0..20 {
        app.patch("/api/v1/users/current", &json!({})).bearer(&token).send().await.expect(200);
        app.delete("/api/v1/users/current", &json!({})).bearer(&token).send().await.expect(422);
    }
    app.patch("/api/v1/users/current", &json!({})).bearer(&token).send().await.expect(429);
    app.delete("/api/v1/users/current", &json!({})).bearer(&token).send().await.expect(429);
    let mut token = token;
    for _ in 1..30 {
        // The first sessions make room for the last.
        token = access_token(&app.sign_in("ann").await);
    }
    app.try_sign_in("ann", PASSWORD).await.expect(429);
    for _ in 0..100 {
        app.get("/api/v1/users/current").bearer(&token).send().await.expect(200);
    }
    let restore = || app.post("/api/v1/users/restore", &json!({})).send();
    for _ in 0..20 {
        restore().await.expect(422);
    }
    restore().await.expect(429);
}

async fn what_is_left_is_told_with_every_answer(app: App) {
    let app = with(&app, &[("VESTIBULE_LIMITS__LOGIN", "3/min")]).await;
    app.register("ann").await;
    for left in [2, 1, 0] {
        let reply = sign_in(&app, "198.51.100.7", PASSWORD).await.expect(200);
        assert_eq!(reply.header("RateLimit-Policy"), Some("\"login\";q=3;w=60"));
        let whole_after = (3 - left) * 20;
        let told = format!("\"login\";r={left};t={whole_after}");
        assert_eq!(reply.header("RateLimit"), Some(told.as_str()));
    }
    let reply = sign_in(&app, "198.51.100.7", PASSWORD).await.expect(429);
    assert_eq!(reply.text_at("/code"), "too_many_requests");
    assert_eq!(reply.header("RateLimit"), Some("\"login\";r=0;t=60"));
    assert_eq!(reply.header("Retry-After"), Some("20"));
    assert_eq!(reply.header("Cache-Control"), Some("no-store"));
}

async fn a_refused_request_is_granted_when_it_was_told(app: App) {
    let app = with(&app, &[("VESTIBULE_LIMITS__LOGIN", "2/min")]).await;
    app.register("ann").await;
    sign_in(&app, "198.51.100.7", PASSWORD).await.expect(200);
    sign_in(&app, "198.51.100.7", PASSWORD).await.expect(200);
    let reply = sign_in(&app, "198.51.100.7", PASSWORD).await.expect(429);
    sign_in(&app, "198.51.100.8", PASSWORD).await.expect(200);
    app.advance(Duration::from_secs(retry_after(&reply)));
    sign_in(&app, "198.51.100.7", PASSWORD).await.expect(200);
}

async fn lgn_06_no_spelling_of_path_or_address_dodges_a_limit(app: App) {
    let app = with(&app, &[("VESTIBULE_LIMITS__LOGIN", "2/min")]).await;
    let body = json!({ "identifier": "ann", "password": WRONG });
    for (one, other) in [("192.0.2.9", "::ffff:192.0.2.9"), ("2001:db8::1", "2001:db8::ffff:1")] {
        sign_in(&app, one, WRONG).await.expect(401);
        sign_in(&app, other, WRONG).await.expect(401);
        for path in [
            "/api/v1/auth/login",
            "/api/v1/auth/login/",
            "//api/v1/auth/login",
            "/api/v1/auth/LOGIN",
            "/api/v1/auth/%6cogin",
            "/api/v1/auth/./login",
        ] {
            for from in [one, other] {
                let reply = app.post(path, &body).from(address(from)).send().await;
                let status = reply.status.as_u16();
                assert!([404, 405, 429].contains(&status), "{path} from {from}: {status}");
            }
        }
    }
    sign_in(&app, "2001:db8:0:1::1", WRONG).await.expect(401);
}

async fn lgn_07_forwarded_addresses_count_only_from_trusted_proxies(app: App) {
    let limit = ("VESTIBULE_LIMITS__LOGIN", "2/min");
    let forwarded = |app: &App, whom: &str| {
        let body = json!({ "identifier": whom.replace('.', "-"), "password": WRONG });
        app.post("/api/v1/auth/login", &body).header("X-Forwarded-For", whom).send()
    };
    let open = with(&app, &[limit]).await;
    for (whom, status) in [("203.0.113.1", 401), ("203.0.113.2", 401), ("203.0.113.3", 429)] {
        forwarded(&open, whom).await.expect(status);
    }
    let proxied = with(&app, &[limit, ("VESTIBULE_HTTP__TRUSTED_PROXIES", "192.0.2.1")]).await;
    for whom in ["203.0.113.11", "203.0.113.12", "203.0.113.13"] {
        forwarded(&proxied, whom).await.expect(401);
        forwarded(&proxied, whom).await.expect(401);
        forwarded(&proxied, whom).await.expect(429);
    }
}

async fn one_limit_counts_on_every_surface(app: App) {
    let app = with(&app, &[("VESTIBULE_LIMITS__LOGIN", "4/min")]).await;
    let body = json!({ "username": "ann", "password": WRONG });
    app.post("/users/login", &body).send().await.expect(404);
    app.post("/auth/login", &body).send().await.expect(401);
    app.post("/api/auth/jwt/create/", &body).send().await.expect(401);
    app.try_sign_in("ann", WRONG).await.expect(401);
    for (path, pointer, says) in [
        ("/users/login", "/detail", "Слишком много попыток, повторите позже"),
        ("/auth/login", "/detail", "Too many requests, try again later"),
        ("/auth/token", "/detail", "Too many requests, try again later"),
        (
            "/api/auth/jwt/create/",
            "/detail",
            "Request was throttled. Expected available in 15 seconds.",
        ),
        ("/api/v1/auth/login", "/code", "too_many_requests"),
    ] {
        let reply = app.post(path, &body).send().await.expect(429);
        assert_eq!(reply.text_at(pointer), says);
        assert_eq!(retry_after(&reply), 15);
        let is_native = path.starts_with("/api/v1");
        assert_eq!(reply.header("RateLimit").is_some(), is_native, "{path}");
    }
}

async fn reg_18_hardened_surfaces_register_few_from_one_address(app: App) {
    let settings = [
        ("VESTIBULE_LIMITS__REGISTER", "20/min"),
        ("VESTIBULE_LIMITS__REGISTER_HARDENED", "5/h burst 3, 20/day"),
        ("VESTIBULE_DIALECTS__DJOSER__PROFILE", "hardened"),
    ];
    let app = with(&app, &settings).await;
    let register = async |path: &str| app.post(path, &json!({})).send().await;
    for _ in 0..3 {
        register("/api/auth/users/").await.expect(400);
    }
    let reply = register("/api/auth/users/").await.expect(429);
    assert_eq!(retry_after(&reply), 12 * 60);
    // The surfaces beside it count by themselves.
    for path in ["/api/v1/auth/register", "/users/register"] {
        for _ in 0..10 {
            register(path).await.expect(422);
        }
    }
    register("/api/v1/auth/register").await.expect(429);
}

async fn reg_18_all_who_register_have_one_budget_whatever_their_addresses(app: App) {
    let settings = [
        ("VESTIBULE_LIMITS__REGISTER_ALL", "6/min"),
        ("VESTIBULE_LIMITS__REGISTER_ALL_HARDENED", "4/h"),
        ("VESTIBULE_LIMITS__REGISTER_HARDENED", "100/min"),
        ("VESTIBULE_DIALECTS__DJOSER__PROFILE", "hardened"),
    ];
    let app = with(&app, &settings).await;
    let mut addresses = (1..=200_u8).map(|nth| IpAddr::from([203, 0, 113, nth]));
    let mut register = async |path: &str| {
        let from = addresses.next().expect("enough of them");
        app.post(path, &json!({})).from(from).send().await
    };
    for path in ["/api/v1/auth/register", "/users/register", "/api/v1/auth/register"] {
        register(path).await.expect(422);
        register(path).await.expect(422);
    }
    let reply = register("/api/v1/auth/register").await.expect(429);
    assert_eq!(reply.text_at("/code"), "too_many_requests");
    assert_eq!(retry_after(&reply), 10);
    assert_eq!(reply.header("RateLimit"), None, "how many register is nobody's to know");
    register("/users/register").await.expect(429);
    let metrics = app.get("/metrics").send().await.expect(200).text;
    let counted = metrics
        .lines()
        .any(|line| line.starts_with("vestibule_limits_refused_total{limit=\"register_all\"}"));
    assert!(counted, "{metrics}");
    // Strict surfaces have a smaller one of their own.
    for _ in 0..4 {
        register("/api/auth/users/").await.expect(400);
    }
    let reply = register("/api/auth/users/").await.expect(429);
    assert_eq!(retry_after(&reply), 15 * 60);
    // Whoever is refused for his address takes nothing from the others.
    app.advance(Duration::from_secs(10));
    register("/api/v1/auth/register").await.expect(422);
}

async fn reg_18_instances_share_the_budget_in_redis_and_in_the_database(app: App) {
    let redis = RedisServer::start().await;
    let url = redis.url();
    let budget = ("VESTIBULE_LIMITS__REGISTER_ALL", "4/min");
    let in_redis =
        [budget, ("VESTIBULE_LIMITS__STORE", "redis"), ("VESTIBULE_REDIS__URL", url.as_str())];
    let in_database = [budget, ("VESTIBULE_LIMITS__STORE", "database")];
    for settings in [&in_redis[..], &in_database[..]] {
        let one = with(&app, settings).await;
        let two = one.beside().await;
        for (app, nth) in [&one, &two, &one, &two].into_iter().zip(1..) {
            let from = IpAddr::from([203, 0, 113, nth]);
            let reply = app.post("/api/v1/auth/register", &json!({})).from(from).send().await;
            reply.expect(422);
        }
        for app in [&one, &two] {
            let from = address("198.51.100.1");
            let reply = app.post("/api/v1/auth/register", &json!({})).from(from).send().await;
            assert!(retry_after(&reply.expect(429)) > 0);
        }
    }
}

/// By the token of a link: as codes, but nothing else counts them.
async fn otp_12_links_are_tried_only_so_often_from_one_address(app: App) {
    let app = with(&app, &[("VESTIBULE_LIMITS__RESTORE", "3/min")]).await;
    let paths = ["verify/email", "verify/phone", "recover/verify"];
    for (path, nth) in paths.into_iter().zip(1..) {
        let from = IpAddr::from([203, 0, 113, nth]);
        for expected in [400, 400, 400, 429] {
            let body = json!({ "token": "x" });
            let call = app.post(&format!("/api/v1/auth/{path}"), &body).from(from);
            let reply = call.send().await;
            assert_eq!(reply.status.as_u16(), expected, "{path}: {}", reply.text);
        }
    }
}

async fn a_session_refreshes_only_so_often(app: App) {
    let app = with(&app, &[("VESTIBULE_LIMITS__REFRESH_SESSION", "3/min")]).await;
    app.register("ann").await;
    let refresh = async |token: &str, from: &str| {
        let body = json!({ "refresh_token": token });
        app.post("/api/v1/auth/refresh", &body).from(address(from)).send().await
    };
    let mut token = refresh_token(&app.sign_in("ann").await);
    let other = refresh_token(&app.sign_in("ann").await);
    // The id of a session is no secret; who only knows that much uses up nothing.
    for from in 0..5_u8 {
        let mut forged = BASE64URL_NOPAD.decode(token.as_bytes()).expect("base64url");
        *forged.last_mut().expect("a MAC") ^= 1;
        let forged = BASE64URL_NOPAD.encode(&forged);
        refresh(&forged, &format!("203.0.113.{from}")).await.expect(401);
    }
    for from in ["198.51.100.1", "198.51.100.2", "198.51.100.3"] {
        token = refresh_token(&refresh(&token, from).await.expect(200).json());
    }
    refresh(&token, "198.51.100.4").await.expect(429);
    refresh(&other, "198.51.100.4").await.expect(200);
    app.advance(Duration::from_secs(20));
    refresh(&token, "198.51.100.4").await.expect(200);
}

async fn observe_counts_and_refuses_nobody(app: App) {
    let mode = ("VESTIBULE_LIMITS__MODE", "observe");
    let limits = [mode, ("VESTIBULE_LIMITS__DELETE", "2/min")];
    let app = with(&app, &limits).await;
    for _ in 0..5 {
        app.delete("/api/v1/users/current", &json!({})).send().await.expect(401);
    }
    let metrics = app.get("/metrics").send().await.expect(200).text;
    let counted = metrics
        .lines()
        .any(|line| line.starts_with("vestibule_limits_would_refuse_total{limit=\"delete\"}"));
    assert!(counted, "{metrics}");
}

async fn off_does_not_even_count(app: App) {
    let app =
        with(&app, &[("VESTIBULE_LIMITS__MODE", "off"), ("VESTIBULE_LIMITS__DELETE", "1/min")])
            .await;
    for _ in 0..3 {
        let reply = app.delete("/api/v1/users/current", &json!({})).send().await.expect(401);
        assert_eq!(reply.header("RateLimit"), None);
    }
}

async fn instances_share_what_a_database_counts(app: App) {
    let limits = [("VESTIBULE_LIMITS__LOGIN", "4/min"), ("VESTIBULE_LIMITS__STORE", "database")];
    let one = with(&app, &limits).await;
    let two = one.beside().await;
    for app in [&one, &two, &one, &two] {
        app.try_sign_in("ann", WRONG).await.expect(401);
    }
    one.try_sign_in("ann", WRONG).await.expect(429);
    two.try_sign_in("ann", WRONG).await.expect(429);
}

async fn r_12_instances_share_what_redis_counts_and_live_without_it(app: App) {
    let mut redis = RedisServer::start().await;
    let url = redis.url();
    let limits = [
        ("VESTIBULE_LIMITS__LOGIN", "4/min"),
        ("VESTIBULE_LIMITS__NODES", "2"),
        ("VESTIBULE_LIMITS__STORE", "redis"),
        ("VESTIBULE_REDIS__URL", url.as_str()),
    ];
    let one = with(&app, &limits).await;
    let two = one.beside().await;
    for app in [&one, &two, &one, &two] {
        app.try_sign_in("nobody", WRONG).await.expect(401);
    }
    one.try_sign_in("nobody", WRONG).await.expect(429);
    two.try_sign_in("nobody", WRONG).await.expect(429);
    let is_degraded =
        async || one.get("/readyz").send().await.expect(200).json()["degraded"] == true;
    assert!(!is_degraded().await);
    // Hung or gone, each has its half, and nobody hears of our trouble.
    redis.hang();
    for app in [&one, &two] {
        sign_in(app, "198.51.100.1", WRONG).await.expect(401);
        sign_in(app, "198.51.100.1", WRONG).await.expect(401);
        sign_in(app, "198.51.100.1", WRONG).await.expect(429);
    }
    for _ in 0..5 {
        sign_in(&one, "198.51.100.1", WRONG).await.expect(429);
    }
    assert!(is_degraded().await);
    redis.go_on();
    redis.kill();
    sign_in(&one, "198.51.100.2", WRONG).await.expect(401);
}
