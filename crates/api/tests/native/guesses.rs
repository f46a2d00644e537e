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
    lgn_02_known_devices_share_one_counter_and_end_with_the_password,
    lgn_09_answers_do_not_tell_whether_there_is_an_account,
    lgn_10_the_current_password_is_no_oracle,
    lgn_08_strangers_do_not_stop_who_is_signed_in_from_a_change,
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
    // On a slow machine some are told to come back in a moment.
    let (mut left, mut rounds) = (50, 0);
    while left > 0 {
        let mut crowd = JoinSet::new();
        for n in 0..left {
            let body = json!({ "identifier": "ann", "password": PASSWORD });
            let from = IpAddr::from((0x0a00_0000_u32 + n % 2).to_be_bytes());
            let call = if n % 2 == 0 { &app } else { &other }.post(LOGIN, &body).from(from);
            crowd.spawn(async move { call.send().await.status.as_u16() });
        }
        let statuses = crowd.join_all().await;
        assert!(statuses.iter().all(|status| [200, 503].contains(status)), "{statuses:?}");
        left -= u32::try_from(statuses.iter().filter(|it| **it == 200).count()).expect("few");
        rounds += 1;
        assert!(rounds <= 5, "{statuses:?}");
    }
    guess(&app, "ann", WRONG, 1).await.expect(401);
    guess(&app, "ann", PASSWORD, 1).await.expect(200);
}

async fn lgn_05_one_counter_whatever_the_name_the_surface_and_the_case(app: App) {
    app.register("ann").await;
    guess(&app, "ANN", WRONG, 1).await.expect(401);
    guess(&app, "aNN", WRONG, 1).await.expect(401);
    guess(&app, "Ann@Example.org", WRONG, 1).await.expect(401);
    let body = json!({ "username": "ann", "password": WRONG });
    app.post("/users/login/", &body).send().await.expect(401);
    app.post("/api/auth/jwt/create", &body).send().await.expect(401);
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
    assert_eq!(attributes, "Path=/; Max-Age=15552000; HttpOnly; SameSite=Lax");
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

/// Whoever once knew the password may keep as many cookies as he likes.
async fn lgn_02_known_devices_share_one_counter_and_end_with_the_password(app: App) {
    app.register("ann").await;
    let device = async |password: &str| {
        let cookie = guess(&app, "ann", password, 1).await.expect(200).set_cookie("device");
        cookie.expect("a cookie").split(';').next().expect("a value").to_owned()
    };
    let with = async |device: &str, password: &str| {
        let body = json!({ "identifier": "ann", "password": password });
        app.post(LOGIN, &body).cookie("device", device).send().await
    };
    let devices = [device(PASSWORD).await, device(PASSWORD).await, device(PASSWORD).await];
    for device in devices.iter().cycle().take(5) {
        with(device, WRONG).await.expect(401);
    }
    for device in &devices {
        with(device, PASSWORD).await.expect(429);
    }
    guess(&app, "ann", PASSWORD, 1).await.expect(200);
    app.advance(Duration::from_secs(1));
    with(&devices[0], PASSWORD).await.expect(200);
    app.run_jobs().await;
    let mails = app.mailbox.mails();
    assert!(mails.iter().any(|mail| mail.subject.contains("after failed attempts")), "LGN-12");

    let new = "a quite new password";
    let (ann, ctx) = (app.account("ann").await.id, app.services.operator());
    operations::passwords::set_by_operator(&app.services, &ctx, ann, &domain::Password::new(new))
        .await
        .expect("set");
    for _ in 0..5 {
        guess(&app, "ann", WRONG, 1).await.expect(401);
    }
    with(&devices[0], new).await.expect(429);
    app.advance(Duration::from_secs(1));
    let kept = device(new).await;
    let is_renewed = async |after: u64, name: &str| {
        app.advance(Duration::from_hours(24) * u32::try_from(after).expect("few"));
        let renewed = with(&kept, new).await.expect(200).set_cookie("device").is_some();
        assert_eq!(renewed, name != "young", "{name}");
        for _ in 0..5 {
            guess(&app, "ann", WRONG, 1).await.expect(401);
        }
        let expected = if name == "dead" { 429 } else { 200 };
        with(&kept, new).await.expect(expected);
        app.advance(Duration::from_secs(1));
        guess(&app, "ann", new, 1).await.expect(200);
    };
    is_renewed(89, "young").await;
    is_renewed(2, "ageing").await;
    is_renewed(90, "dead").await;
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
        // Of an account that is deleted, even the right one.
        let known = guess(&app, "ann", WRONG, 1).await;
        assert_eq!(shown(&guess(&app, "gone", PASSWORD, 1).await), shown(&known));
        for name in ["nobody", "nobody@example.org", "+15550100"] {
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

async fn lgn_08_strangers_do_not_stop_who_is_signed_in_from_a_change(app: App) {
    let token = app.newcomer("ann").await;
    for n in 0..5 {
        guess(&app, "ann", WRONG, n).await.expect(401);
    }
    guess(&app, "ann", PASSWORD, 9).await.expect(429);
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
