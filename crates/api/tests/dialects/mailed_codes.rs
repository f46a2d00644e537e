//! `mailed_codes` over HTTP: what the transcripts cannot show.

use std::time::Duration;

use serde_json::{Value, json};
use testkit::{App, Backend, Call, Reply, on_every_backend};

use super::one_account::PASSWORD;
use super::support::claims;

const REGISTRATION: &str = "/registration/";
const AUTHORIZATION: &str = "/authorization/";
const RECOVER: &str = "/authorization/recover";

on_every_backend!(App::on =>
    a_token_says_the_login_and_lives_twelve_hours,
    being_remembered_is_a_cookie_for_thirty_days,
    a_hash_of_the_original_is_taken_over,
    owners_get_in_while_their_codes_are_guessed_at,
    whoever_is_blocked_or_gone_has_no_good_token,
    web_02_a_page_of_another_site_moves_no_flow,
    lgn_11_a_cookie_is_another_after_the_code,
);

mod under_nist {
    use super::{nist, otp_16_no_mail_signs_in};

    testkit::on_every_backend!(nist => otp_16_no_mail_signs_in);
}

async fn nist(backend: Backend) -> App {
    App::with(&[("VESTIBULE_PASSWORDS__PROFILE", "nist")]).start(backend).await
}

/// Registers on this surface, by the code of the mail.
pub(super) async fn register(app: &App, name: &str, email: &str) {
    let body = json!({ "email": email, "login": name, "password": PASSWORD });
    let key = opened(app.post(REGISTRATION, &body)).await;
    confirm(app, "registration/confirm", &key, &mailed(app, email, "регистрац").await)
        .await
        .expect(200);
}

/// Signs in by the code of the mail; where there is none, what was answered instead.
pub(super) async fn sign_in(app: &App, name: &str, password: &str) -> Reply {
    let body = json!({ "login": name, "password": password, "remember_me": false });
    let mut begun = app.post(AUTHORIZATION, &body).send().await;
    if begun.status == 429 {
        app.advance(Duration::from_secs(61));
        begun = app.post(AUTHORIZATION, &body).send().await;
    }
    if begun.status != 200 {
        return begun;
    }
    let key = begun.header("x-session-key").expect("a key").to_owned();
    let email = app.account(name).await.email.expect("an address");
    let code = mailed(app, &email, "вход").await;
    confirm(app, "authorization/verification", &key, &code).await
}

/// Sets a new password by the code of the mail.
pub(super) async fn recover(app: &App, name: &str, password: &str) -> Reply {
    let email = app.account(name).await.email.expect("an address");
    let key = opened(app.post(RECOVER, &json!({ "user": email }))).await;
    let code = mailed(app, &email, "вернуться").await;
    confirm(app, "authorization/recover/reset_code", &key, &code).await.expect(200);
    let body = json!({ "password": password, "password_two": password });
    let path = "/authorization/recover/reset_code/change_password";
    app.post(path, &body).header("x-session-key", &key).send().await
}

/// The key of a flow that begins.
async fn opened(call: Call) -> String {
    let reply = call.send().await.expect(200);
    reply.header("x-session-key").expect("a key").to_owned()
}

async fn confirm(app: &App, path: &str, key: &str, code: &str) -> Reply {
    let body = json!({ "code": code });
    app.post(&format!("/{path}"), &body).header("x-session-key", key).send().await
}

/// The code of the newest mail about this.
async fn mailed(app: &App, email: &str, about: &str) -> String {
    app.run_jobs().await;
    let mut mails = app.mailbox.mails().into_iter().rev();
    let is_it = |mail: &testkit::Mail| mail.to == email && mail.subject.contains(about);
    mails.find(is_it).unwrap_or_else(|| panic!("nothing about {about:?} to {email}")).code()
}

async fn a_token_says_the_login_and_lives_twelve_hours(app: App) {
    register(&app, "AnnSmith1", "ann@example.org").await;
    let reply = sign_in(&app, "ann@example.org", PASSWORD).await.expect(200);
    let token = reply.json()["token"].as_str().expect("a token").to_owned();
    let claims = claims(&token);
    assert_eq!(claims["login"], "AnnSmith1");
    let number = |claim: &str| claims[claim].as_i64().expect("a number");
    assert_eq!(number("exp") - number("iat"), 12 * 3600);
    app.advance(Duration::from_secs(12 * 3600 - 1));
    app.get("/api/v1/users/current").bearer(&token).send().await.expect(200);
    app.advance(Duration::from_secs(1));
    app.get("/api/v1/users/current").bearer(&token).send().await.expect(401);
}

async fn being_remembered_is_a_cookie_for_thirty_days(app: App) {
    register(&app, "AnnSmith1", "ann@example.org").await;
    let ask = |password: &str, remember_me: Value| {
        let body = json!({
            "login": "AnnSmith1", "password": password, "remember_me": remember_me,
        });
        app.post(AUTHORIZATION, &body)
    };
    let remembered = |reply: &Reply| {
        let cookies = reply.headers.get_all("set-cookie");
        cookies.iter().any(|cookie| {
            *cookie == "remember_me=true; Path=/; Max-Age=2592000; HttpOnly; SameSite=Lax"
        })
    };
    assert!(!remembered(&ask("Wrong-password1", json!(true)).send().await.expect(400)));
    assert!(remembered(&ask(PASSWORD, json!(true)).send().await.expect(200)));
    app.advance(Duration::from_mins(2));
    assert!(!remembered(&ask(PASSWORD, json!(false)).send().await.expect(200)));
}

/// PWD-10: PBKDF2 and werkzeug's scrypt, as the original stored them.
async fn a_hash_of_the_original_is_taken_over(app: App) {
    register(&app, "AnnSmith1", "ann@example.org").await;
    let id = app.account("AnnSmith1").await.id;
    for hash in [
        "pbkdf2:sha256:1200$ZAPhdNv8hEt70h1w$\
         e89ecf6ae62cb3d0777fa334fe26f0cd1e74e80fd663fa3d5554f45885af64eb",
        "scrypt:256:8:1$3HOTroy4ArSVhSx6$\
         372625ca6fba8548be848d858b16a0591c4af688b09ba096862adcd8c0105d98\
         e58a9399735e873f44f4282bcd7e2f7ac0ec68e58dcd687f87f4d4913eedb864",
    ] {
        let set: storage::Result<()> = storage::transact!(app.database.store, |tx| {
            storage::passwords::set(tx, id, hash, app.now()).await?;
        });
        set.expect("set");
        sign_in(&app, "AnnSmith1", "not that one").await.expect(400);
        sign_in(&app, "AnnSmith1", testkit::PASSWORD).await.expect(200);
        let dump = app.database.dump().await;
        let stored = dump.rows("passwords")[0].text("hash");
        assert!(stored.starts_with("$argon2id$"), "{stored}");
        app.advance(Duration::from_mins(20));
    }
}

/// §4.2: whoever guesses at the codes of many gets no further than the brake, and owners get in.
async fn owners_get_in_while_their_codes_are_guessed_at(app: App) {
    let names: Vec<String> = (0..12).map(|number| format!("Smith_{number}")).collect();
    for name in &names {
        register(&app, name, &format!("{name}@example.org")).await;
    }
    for name in &names {
        let key =
            opened(app.post(RECOVER, &json!({ "user": format!("{name}@example.org") }))).await;
        for code in ["0000", "1111", "2222", "3333"] {
            confirm(&app, "authorization/recover/reset_code", &key, code).await.expect(400);
        }
    }
    app.advance(Duration::from_mins(2));
    let key = opened(app.post(RECOVER, &json!({ "user": "Smith_0@example.org" }))).await;
    let code = mailed(&app, "Smith_0@example.org", "вернуться").await;
    assert_eq!(code.len(), 8, "more than thirty wrong in a day");
    confirm(&app, "authorization/recover/reset_code", &key, &code).await.expect(200);
    for name in &names {
        sign_in(&app, name, PASSWORD).await.expect(200);
    }
}

/// No other word is known where a token is taken back.
async fn whoever_is_blocked_or_gone_has_no_good_token(app: App) {
    for (name, is_deleted) in [("AnnSmith1", false), ("BobSmith1", true)] {
        register(&app, name, &format!("{name}@example.org")).await;
        let signed_in = sign_in(&app, name, PASSWORD).await.expect(200).json();
        let token = signed_in["token"].as_str().expect("a token");
        let id = app.account(name).await.id;
        let (services, operator) = (&app.services, app.services.operator());
        if is_deleted {
            let deleted = operations::accounts::delete_for_good(services, &operator, id).await;
            deleted.expect("deleted");
        } else {
            operations::accounts::block(services, &operator, id).await.expect("blocked");
        }
        let refused = app.post("/logout/", &json!({ "token": token })).send().await.expect(400);
        assert_eq!(refused.json(), json!({ "message": "Токен не валиден!" }), "{name}");
    }
}

/// With or without the right key.
async fn web_02_a_page_of_another_site_moves_no_flow(app: App) {
    register(&app, "AnnSmith1", "ann@example.org").await;
    let body = json!({ "login": "AnnSmith1", "password": PASSWORD, "remember_me": false });
    let signing_in = opened(app.post(AUTHORIZATION, &body)).await;
    let code = mailed(&app, "ann@example.org", "вход").await;
    let recovering = opened(app.post(RECOVER, &json!({ "user": "ann@example.org" }))).await;
    let recovery = mailed(&app, "ann@example.org", "вернуться").await;
    let reset_code = format!("{RECOVER}/reset_code");
    let passwords = json!({ "password": "Another-7", "password_two": "Another-7" });
    let (by_code, by_recovery) = (json!({ "code": code }), json!({ "code": recovery }));
    let verification = format!("{AUTHORIZATION}verification");
    let moves = [
        (&verification, &by_code, &signing_in),
        (&reset_code, &by_recovery, &recovering),
        (&format!("{reset_code}/change_password"), &passwords, &recovering),
    ];
    for (path, body, key) in moves {
        for (name, value) in [("origin", "https://evil.example"), ("sec-fetch-site", "cross-site")]
        {
            let call = app.post(path, body).cookie("session", key).header(name, value);
            let reply = call.send().await.expect(403);
            assert_eq!(reply.set_cookie("session"), None, "{path}");
        }
    }
    app.post(&verification, &by_code).cookie("session", &signing_in).send().await.expect(200);
}

/// Somebody else may have set the one that the browser showed; and where it shows two, one of them.
async fn lgn_11_a_cookie_is_another_after_the_code(app: App) {
    register(&app, "AnnSmith1", "ann@example.org").await;
    let planted = opened(app.post(RECOVER, &json!({ "user": "ann@example.org" }))).await;
    let body = json!({ "code": mailed(&app, "ann@example.org", "вернуться").await });
    let (path, two) = (format!("{RECOVER}/reset_code"), format!("session={planted}; session=AAAA"));
    app.post(&path, &body).header("cookie", &two).send().await.expect(400);
    let reply = app.post(&path, &body).cookie("session", &planted).send().await.expect(200);
    let next = reply.header("x-session-key").expect("a key").to_owned();
    assert_ne!(next, planted);
    let cookie = format!("session={next}; Path=/; Max-Age=360; HttpOnly; SameSite=Lax");
    assert_eq!(reply.set_cookie("session").map(|it| format!("session={it}")), Some(cookie));
    let path = format!("{path}/change_password");
    let body = json!({ "password": "Another-7", "password_two": "Another-7" });
    app.post(&path, &body).header("x-session-key", &planted).send().await.expect(400);
    app.post(&path, &body).cookie("session", &next).send().await.expect(200);
}

/// Before any password is looked at: neither answer tells whether it was right.
async fn otp_16_no_mail_signs_in(app: App) {
    app.register("ann").await;
    for password in [testkit::PASSWORD, "not that one"] {
        let body = json!({ "login": "ann", "password": password, "remember_me": true });
        let refused = app.post(AUTHORIZATION, &body).send().await.expect(403);
        assert_eq!(refused.json(), json!({ "message": "Вход по коду из письма отключён!" }));
        assert_eq!(refused.set_cookie("remember_me"), None);
    }
}

#[tokio::test]
async fn otp_12_one_address_has_twenty_codes_an_hour_sent() {
    let settings = [("VESTIBULE_LIMITS__SEND_CODE", "2/h")];
    let app = App::with(&settings).start(Backend::Sqlite).await;
    register(&app, "AnnSmith1", "ann@example.org").await;
    let sign_in = |password: &str| {
        let body = json!({ "login": "AnnSmith1", "password": password, "remember_me": false });
        app.post(AUTHORIZATION, &body)
    };
    for _ in 0..3 {
        sign_in("Wrong-password1").send().await.expect(400);
    }
    sign_in(PASSWORD).send().await.expect(200);
    app.advance(Duration::from_mins(2));
    let refused = sign_in(PASSWORD).send().await.expect(429);
    assert!(refused.header("retry-after").is_some());
    let other = json!({ "email": "bob@example.org", "login": "BobSmith1", "password": PASSWORD });
    app.post(REGISTRATION, &other).send().await.expect(429);
    let elsewhere = app.post(REGISTRATION, &other).from([203, 0, 113, 7].into());
    elsewhere.send().await.expect(200);
}

#[tokio::test]
async fn over_https_the_cookies_are_secure() {
    let settings = [("VESTIBULE_HTTP__PUBLIC_URL", "https://id.example.org")];
    let app = App::with(&settings).start(Backend::Sqlite).await;
    register(&app, "AnnSmith1", "ann@example.org").await;
    let body = json!({ "login": "AnnSmith1", "password": PASSWORD, "remember_me": true });
    let reply = app.post(AUTHORIZATION, &body).send().await.expect(200);
    for name in ["session", "remember_me"] {
        let cookie = reply.set_cookie(name).expect("a cookie");
        assert!(cookie.ends_with("; HttpOnly; SameSite=Lax; Secure"), "{cookie}");
    }
}
