//! Guesses at the password of an account, one after the other and at once.

use std::net::IpAddr;
use std::time::Duration;

use http::Method;
use serde_json::json;
use testkit::{App, PASSWORD, Reply, access_token};
use tokio::task::JoinSet;

use super::support::{CURRENT, LOGIN, retry_after, roomy};

testkit::on_every_backend!(roomy =>
    lgn_01_the_eleventh_failure_of_an_address_waits,
    lgn_01_failures_of_an_account_are_delayed_and_a_success_forgets_them,
    lgn_03_two_hundred_wrong_guesses_at_once_compare_no_more_than_five,
    lgn_04_fifty_right_ones_at_once_lock_nobody_out,
    lgn_05_one_counter_whatever_the_name_the_surface_and_the_case,
    lgn_08_the_owner_gets_in_on_a_known_device,
    lgn_09_answers_do_not_tell_whether_there_is_an_account,
    lgn_10_the_current_password_is_no_oracle,
    lgn_14_one_password_on_many_accounts_is_stopped,
    a_limit_that_is_off_protects_accounts_all_the_same,
    a_password_that_is_set_anew_can_be_tried_at_once,
);

const WRONG: &str = "not the password at all";

async fn guess(app: &App, identifier: &str, password: &str, from: u32) -> Reply {
    let body = json!({ "identifier": identifier, "password": password });
    let from = IpAddr::from(0x0a00_0000_u32.wrapping_add(from).to_be_bytes());
    app.post(LOGIN, &body).from(from).send().await
}

async fn lgn_01_the_eleventh_failure_of_an_address_waits(app: App) {
    let limits = [
        ("VESTIBULE_LIMITS__LOGIN_FAILURES", "10/min, 100/h"),
        ("VESTIBULE_LIMITS__STORE", "database"),
    ];
    let app = App::with(&limits).beside(&app).await;
    app.register("ann").await;
    for n in 0..10 {
        guess(&app, "ann", PASSWORD, 7).await.expect(200);
        guess(&app, &format!("nobody{n}"), WRONG, 7).await.expect(401);
    }
    let reply = guess(&app, "ann", PASSWORD, 7).await.expect(429);
    guess(&app, "ann", PASSWORD, 8).await.expect(200);
    app.advance(Duration::from_secs(retry_after(&reply)));
    guess(&app, "ann", PASSWORD, 7).await.expect(200);
}

async fn lgn_01_failures_of_an_account_are_delayed_and_a_success_forgets_them(app: App) {
    app.register("ann").await;
    for _ in 0..5 {
        guess(&app, "ann", WRONG, 1).await.expect(401);
    }
    for delay in [1, 2, 4] {
        let reply = guess(&app, "ann", PASSWORD, 2).await.expect(429);
        assert_eq!(retry_after(&reply), delay);
        app.advance(Duration::from_secs(delay));
        guess(&app, "ann", WRONG, 3).await.expect(401);
    }
    app.advance(Duration::from_secs(8));
    for _ in 0..3 {
        guess(&app, "ann", PASSWORD, 1).await.expect(200);
        guess(&app, "ann", WRONG, 1).await.expect(401);
    }
}

async fn lgn_03_two_hundred_wrong_guesses_at_once_compare_no_more_than_five(app: App) {
    app.register("ann").await;
    let instances = [app.beside().await, app.beside().await];
    let mut crowd = JoinSet::new();
    for n in 0..200_u32 {
        let body = json!({ "identifier": "ann", "password": WRONG });
        let from = IpAddr::from((0x0a00_0000_u32 + n).to_be_bytes());
        let call = instances[n as usize % 2].post(LOGIN, &body).from(from);
        crowd.spawn(async move { call.send().await.status.as_u16() });
    }
    let statuses = crowd.join_all().await;
    // A guess that was compared is answered 401, and no other is.
    assert_eq!(statuses.iter().filter(|status| **status == 401).count(), 5);
    assert!(statuses.iter().all(|status| [401, 429, 503].contains(status)), "{statuses:?}");
    guess(&app, "ann", PASSWORD, 1000).await.expect(429);
}

async fn lgn_04_fifty_right_ones_at_once_lock_nobody_out(app: App) {
    app.register("ann").await;
    let other = app.beside().await;
    let mut crowd = JoinSet::new();
    for n in 0..50_u32 {
        let body = json!({ "identifier": "ann", "password": PASSWORD });
        let from = IpAddr::from((0x0a00_0000_u32 + n % 2).to_be_bytes());
        let call = if n % 2 == 0 { &app } else { &other }.post(LOGIN, &body).from(from);
        crowd.spawn(async move { call.send().await.status.as_u16() });
    }
    assert_eq!(crowd.join_all().await, vec![200; 50]);
    guess(&app, "ann", WRONG, 1).await.expect(401);
    guess(&app, "ann", PASSWORD, 1).await.expect(200);
}

async fn lgn_05_one_counter_whatever_the_name_the_surface_and_the_case(app: App) {
    app.register("ann").await;
    let token = app.sign_in("ann").await;
    let token = access_token(&token);
    guess(&app, "ANN", WRONG, 1).await.expect(401);
    guess(&app, "Ann@Example.org", WRONG, 1).await.expect(401);
    let body = json!({ "username": "ann", "password": WRONG });
    app.post("/users/login/", &body).send().await.expect(401);
    app.post("/api/auth/jwt/create", &body).send().await.expect(401);
    let body = json!({ "password": "a quite new password", "current_password": WRONG });
    app.patch(CURRENT, &body).bearer(&token).send().await.expect(401);
    let body = json!({ "username": "ann", "password": PASSWORD });
    app.post("/auth/login", &body).send().await.expect(429);
    guess(&app, "ann@example.org", PASSWORD, 9).await.expect(429);
    // Another account is none of it.
    app.register("bob").await;
    guess(&app, "bob", PASSWORD, 1).await.expect(200);
}

async fn lgn_08_the_owner_gets_in_on_a_known_device(app: App) {
    app.register("ann").await;
    app.register("bob").await;
    let cookie = guess(&app, "ann", PASSWORD, 1).await.expect(200).set_cookie("device");
    let cookie = cookie.expect("a cookie for the device");
    let attributes = cookie.split_once("; ").expect("attributes").1.to_owned();
    assert_eq!(attributes, "Path=/; Max-Age=31536000; HttpOnly; SameSite=Lax");
    let device = cookie.split(';').next().expect("a value").to_owned();
    for n in 0..51 {
        let reply = guess(&app, "ann", WRONG, 100 + n).await;
        if reply.status == 429 {
            app.advance(Duration::from_secs(retry_after(&reply)));
        }
    }
    let sign_in = async |name: &str, device: &str, password: &str| {
        let body = json!({ "identifier": name, "password": password });
        app.post(LOGIN, &body).cookie("device", device).send().await
    };
    guess(&app, "ann", PASSWORD, 2).await.expect(429);
    let reply = sign_in("ann", &device, PASSWORD).await.expect(200);
    assert_eq!(reply.set_cookie("device"), None, "the one it has stays good");
    // It is no way around the counter, nor good for anybody else.
    sign_in("ann", "AAAA.BBBB", PASSWORD).await.expect(429);
    let bobs = guess(&app, "bob", PASSWORD, 1).await.expect(200).set_cookie("device");
    let bobs = bobs.expect("a cookie").split(';').next().expect("a value").to_owned();
    sign_in("ann", &bobs, PASSWORD).await.expect(429);
    for _ in 0..5 {
        sign_in("ann", &device, WRONG).await.expect(401);
    }
    sign_in("ann", &device, PASSWORD).await.expect(429);
}

async fn lgn_09_answers_do_not_tell_whether_there_is_an_account(app: App) {
    app.register("ann").await;
    app.register("gone").await;
    let token = access_token(&app.sign_in("gone").await);
    let body = json!({ "current_password": PASSWORD });
    app.call(Method::DELETE, CURRENT).json(&body).bearer(&token).send().await.expect(200);
    let shown = |reply: &Reply| {
        let mut body = reply.json();
        body["instance"] = json!("");
        (reply.status, body, reply.header("Retry-After").map(str::to_owned))
    };
    for _ in 0..8 {
        let known = guess(&app, "ann", WRONG, 1).await;
        for name in ["nobody", "gone", "nobody@example.org", "+15550100"] {
            assert_eq!(shown(&guess(&app, name, WRONG, 1).await), shown(&known), "{name}");
        }
        if known.status == 429 {
            app.advance(Duration::from_secs(retry_after(&known)));
        }
    }
}

async fn lgn_10_the_current_password_is_no_oracle(app: App) {
    let token = app.newcomer("ann").await;
    let change = |password: &str| {
        let body = json!({ "password": "a quite new password", "current_password": password });
        app.patch(CURRENT, &body).bearer(&token).send()
    };
    let delete = |password: &str| {
        let body = json!({ "current_password": password });
        app.call(Method::DELETE, CURRENT).json(&body).bearer(&token).send()
    };
    for _ in 0..2 {
        change(WRONG).await.expect(401);
        delete(WRONG).await.expect(401);
    }
    change(WRONG).await.expect(401);
    for reply in [change(PASSWORD).await.expect(429), delete(PASSWORD).await.expect(429)] {
        assert_eq!(retry_after(&reply), 30 * 60);
    }
    // Signing in waits for its own delay only.
    app.advance(Duration::from_secs(1));
    app.sign_in("ann").await;
    change(PASSWORD).await.expect(429);
    app.advance(Duration::from_mins(30));
    let token = access_token(&app.sign_in("ann").await);
    let body = json!({ "password": "a quite new password", "current_password": PASSWORD });
    app.patch(CURRENT, &body).bearer(&token).send().await.expect(200);
}

async fn lgn_14_one_password_on_many_accounts_is_stopped(app: App) {
    let limits = [
        ("VESTIBULE_LIMITS__LOGIN_FAILURES", "10/min, 100/h"),
        ("VESTIBULE_LIMITS__STORE", "database"),
    ];
    let app = App::with(&limits).beside(&app).await;
    let mut crowd = JoinSet::new();
    for n in 0..200_u16 {
        let body = json!({ "identifier": format!("victim{n}"), "password": WRONG });
        // All from one /64.
        let from = IpAddr::from([0x2001, 0xdb8, 0, 0, 0, 0, 0, n]);
        let call = app.post(LOGIN, &body).from(from);
        crowd.spawn(async move { call.send().await.status.as_u16() });
    }
    let tried = crowd.join_all().await.into_iter().filter(|status| *status == 401).count();
    // Ten; a busy machine may find the store too slow, and then counts another ten by itself.
    assert!((10..=20).contains(&tried), "{tried}");
}

async fn a_limit_that_is_off_protects_accounts_all_the_same(app: App) {
    let app = App::with(&[("VESTIBULE_LIMITS__MODE", "off")]).beside(&app).await;
    app.register("ann").await;
    for _ in 0..5 {
        guess(&app, "ann", WRONG, 1).await.expect(401);
    }
    guess(&app, "ann", PASSWORD, 1).await.expect(429);
}

async fn a_password_that_is_set_anew_can_be_tried_at_once(app: App) {
    app.register("ann").await;
    for _ in 0..5 {
        guess(&app, "ann", WRONG, 1).await.expect(401);
    }
    let new = domain::Password::new("a quite new password");
    let (ann, ctx) = (app.account("ann").await.id, app.services.operator());
    operations::passwords::set_by_operator(&app.services, &ctx, ann, &new).await.expect("set");
    guess(&app, "ann", "a quite new password", 1).await.expect(200);
}
