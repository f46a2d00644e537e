//! What the transcripts of `djoser`'s mails cannot say: what is in the mails, and what no request can
//! change in them.

#![expect(clippy::expect_used, reason = "a test fails by panicking")]

use domain::RoleName;
use http::Method;
use operations::accounts::{UpdateOther, update_other};
use serde_json::{Value, json};
use testkit::{App, Backend, Mail, on_every_backend};

use super::legacy::{claims, signed};
use super::one_account::On;
use super::own_secret::SECRETS;

const USERS: &str = "/api/auth/users/";
const CREATE: &str = "/api/auth/jwt/create/";
const PASSWORD: &str = "Str0ng-Pass.9";
const EN: &str = "en-GB";

on_every_backend!(activating =>
    rcv_02_no_request_decides_where_a_link_leads,
    a_mail_with_such_a_link_has_no_code_and_speaks_the_language_of_its_reader,
    newcomers_are_welcomed_when_they_are_activated,
    an_administrator_sees_who_is_active_and_activates_nobody,
    whoever_is_not_activated_is_active_elsewhere_only_by_the_rules_of_that_place,
    an_address_that_was_verified_elsewhere_is_active,
    a_token_of_the_old_service_waits_for_the_address_as_one_of_ours_does,
    an_address_that_was_taken_meanwhile_is_said_to_be,
);

async fn activating(backend: Backend) -> App {
    let settings = [("SEND_ACTIVATION_EMAIL", "true"), ("SEND_CONFIRMATION_EMAIL", "true")];
    let settings =
        settings.map(|(name, value)| (format!("VESTIBULE_DIALECTS__DJOSER__{name}"), value));
    let settings: Vec<(&str, &str)> =
        settings.iter().map(|(name, value)| (name.as_str(), *value)).collect();
    App::with(&settings).start(backend).await
}

async fn register(app: &App, email: &str) -> Value {
    let body = json!({ "email": email, "password": PASSWORD });
    app.post(USERS, &body).send().await.expect(201).json()
}

async fn newest(app: &App, about: &str) -> Mail {
    app.run_jobs().await;
    let mails = app.mailbox.mails();
    let found = mails.iter().rev().find(|mail| mail.subject.contains(about));
    found.unwrap_or_else(|| panic!("nothing about {about} in {mails:#?}")).clone()
}

/// `{"uid": …, "token": …}` of the only link in it.
fn link_of(mail: &Mail, site: &str) -> Value {
    let link = mail.text.lines().find_map(|line| line.trim().strip_prefix(site));
    let parts: Vec<&str> = link.expect("a link below the site").rsplitn(3, '/').collect();
    json!({ "uid": parts[1], "token": parts[0] })
}

async fn activate(app: &App, email: &str) {
    let mail = newest(app, "Confirm your address").await;
    assert_eq!(mail.to, email);
    let link = link_of(&mail, "http://127.0.0.1:8000/#/activate/");
    app.post("/api/auth/users/activation/", &link).send().await.expect(204);
}

async fn rcv_02_no_request_decides_where_a_link_leads(app: App) {
    register(&app, "ann@example.org").await;
    activate(&app, "ann@example.org").await;
    for path in ["reset_password/", "reset_username/"] {
        let body = json!({ "email": "ann@example.org", "site_url": "https://evil.example" });
        let call = app.post(&format!("{USERS}{path}?site_url=https://evil.example"), &body);
        let call = call.header("host", "evil.example").header("x-forwarded-host", "evil.example");
        call.header("origin", "https://evil.example").send().await.expect(204);
    }
    app.run_jobs().await;
    for mail in app.mailbox.mails() {
        assert!(!mail.source.contains("evil.example"), "{}", mail.source);
        assert!(!mail.text.contains("evil.example"), "{}", mail.text);
    }
    newest(&app, "get back").await;
    newest(&app, "new username").await;
}

async fn a_mail_with_such_a_link_has_no_code_and_speaks_the_language_of_its_reader(app: App) {
    register(&app, "ann@example.org").await;
    activate(&app, "ann@example.org").await;
    let pair = sign_in(&app, "ann@example.org").await;
    for (locale, recovery, username) in [
        (EN, "How to get back", "How to set a new username"),
        ("ru-RU", "Как вернуться", "Как задать новое имя"),
    ] {
        app.advance(std::time::Duration::from_mins(30));
        let body = json!({ "locale": locale, "current_password": PASSWORD });
        let token = fresh(&app, &pair).await;
        let call = app.patch("/api/v1/users/current", &body);
        call.header("authorization", &format!("Bearer {token}")).send().await.expect(200);
        for path in ["reset_password/", "reset_username/"] {
            let body = json!({ "email": "ann@example.org" });
            app.post(&format!("{USERS}{path}"), &body).send().await.expect(204);
        }
        for subject in [recovery, username] {
            let mail = newest(&app, subject).await;
            assert!(mail.find_code().is_none(), "{}", mail.text);
            let link = mail.text.lines().find(|line| line.contains("/#/")).expect("a link");
            assert!(mail.html.replace("&#x2f;", "/").contains(link.trim()), "{}", mail.html);
            assert!(!mail.text.contains("/link/"), "{}", mail.text);
        }
    }
}

async fn sign_in(app: &App, name: &str) -> Value {
    let body = json!({ "username": name, "password": PASSWORD });
    app.post(CREATE, &body).send().await.expect(200).json()
}

async fn fresh(app: &App, pair: &Value) -> String {
    let body = json!({ "refresh": pair["refresh"] });
    let pair: Value = app.post("/api/auth/jwt/refresh/", &body).send().await.expect(200).json();
    pair["access"].as_str().expect("a token").to_owned()
}

async fn newcomers_are_welcomed_when_they_are_activated(app: App) {
    register(&app, "ann@example.org").await;
    app.run_jobs().await;
    let is_welcome = |mail: &Mail| mail.subject.contains("Welcome");
    assert!(!app.mailbox.mails().iter().any(is_welcome));
    activate(&app, "ann@example.org").await;
    newest(&app, "Welcome").await;
}

async fn an_administrator_sees_who_is_active_and_activates_nobody(app: App) {
    for email in ["ann@example.org", "bob@example.org"] {
        register(&app, email).await;
        if email.starts_with("ann") {
            activate(&app, email).await;
        }
    }
    let operator = app.services.operator();
    let ann = app.account("ann@example.org").await.id;
    let admin = RoleName::new(RoleName::ADMIN);
    operations::roles::grant(&app.services, &operator, ann, &admin).await.expect("granted");
    let pair = sign_in(&app, "ann@example.org").await;
    let token = format!("JWT {}", pair["access"].as_str().expect("a token"));
    let call = app.get(USERS).header("authorization", &token);
    let all: Value = call.send().await.expect(200).json();
    let active: Vec<&Value> =
        all.as_array().expect("a list").iter().map(|user| &user["is_active"]).collect();
    assert_eq!(active, [&json!(true), &json!(false)]);
    let call = app.patch("/api/auth/users/2/", &json!({ "is_active": true }));
    let bob: Value = call.header("authorization", &token).send().await.expect(200).json();
    assert_eq!(bob["is_active"], false);
    let call = app.call(Method::GET, "/api/auth/users/2/").header("authorization", &token);
    let bob: Value = call.send().await.expect(200).json();
    assert_eq!(bob["is_active"], false);
}

async fn whoever_is_not_activated_is_active_elsewhere_only_by_the_rules_of_that_place(app: App) {
    register(&app, "ann@example.org").await;
    let body = json!({ "username": "ann@example.org", "password": PASSWORD });
    app.post(CREATE, &body).send().await.expect(401);
    let native: Value = app.try_sign_in("ann@example.org", PASSWORD).await.expect(200).json();
    let native = testkit::access_token(&native);
    // Asked twice: the second time from memory.
    for path in ["/api/auth/users/me/", "/api/auth/users/me/", "/api/auth/users/"] {
        let call = app.get(path).header("authorization", &format!("Bearer {native}"));
        let refused: Value = call.send().await.expect(401).json();
        assert_eq!(refused, json!({ "detail": "User is inactive", "code": "user_inactive" }));
        let own = app.get("/api/v1/users/current");
        own.header("authorization", &format!("Bearer {native}")).send().await.expect(200);
    }
    let strict = [
        ("VESTIBULE_ACCOUNTS__SIGN_IN_NEEDS_VERIFICATION", "true"),
        ("VESTIBULE_DIALECTS__DJOSER__SEND_ACTIVATION_EMAIL", "true"),
    ];
    let app = App::with(&strict).beside(&app).await;
    app.try_sign_in("ann@example.org", PASSWORD).await.expect(403);
}

async fn an_address_that_was_verified_elsewhere_is_active(app: App) {
    register(&app, "ann@example.org").await;
    let operator = app.services.operator();
    let ann = app.account("ann@example.org").await.id;
    let by_hand = UpdateOther { is_email_verified: true, ..UpdateOther::default() };
    update_other(&app.services, &operator, ann, &by_hand).await.expect("verified");
    sign_in(&app, "ann@example.org").await;
    app.run_jobs().await;
    let mail = newest(&app, "Confirm your address").await;
    let link = link_of(&mail, "http://127.0.0.1:8000/#/activate/");
    let reply = app.post("/api/auth/users/activation/", &link).send().await;
    reply.expect(403);
}

async fn a_token_of_the_old_service_waits_for_the_address_as_one_of_ours_does(app: App) {
    register(&app, "ann@example.org").await;
    activate(&app, "ann@example.org").await;
    app.advance(std::time::Duration::from_hours(3));
    let taking = [
        ("VESTIBULE_DIALECTS__DJOSER__SEND_ACTIVATION_EMAIL", "true"),
        ("VESTIBULE_DIALECTS__DJOSER__SECRET", SECRETS[2].1),
        ("VESTIBULE_DIALECTS__DJOSER__ACCEPT_LEGACY_TOKENS", "true"),
    ];
    let app = App::with(&taking).beside(&app).await;
    let old =
        async |kind| signed(On::Djoser, &claims(&app, On::Djoser, kind, "ann@example.org").await);
    let (access, refresh) = (old("access").await, old("refresh").await);
    let me = || app.get("/api/auth/users/me/").bearer(&access);
    let renew = || app.post("/api/auth/jwt/refresh/", &json!({ "refresh": refresh }));
    let verify = |token: &str| app.post("/api/auth/jwt/verify/", &json!({ "token": token }));
    let body = json!({ "email": "ann.lee@example.org" });
    let changed = app.patch("/api/auth/users/me/", &body).bearer(&access);
    let changed: Value = changed.send().await.expect(200).json();
    assert_eq!(changed["is_active"], false);
    let refused: Value = me().send().await.expect(401).json();
    assert_eq!(refused, json!({ "detail": "User is inactive", "code": "user_inactive" }));
    verify(&access).send().await.expect(401);
    renew().send().await.expect(401);
    activate(&app, "ann.lee@example.org").await;
    me().send().await.expect(200);
    verify(&access).send().await.expect(200);
}

/// Two wait for one address; the first who shows that it is his has it.
async fn an_address_that_was_taken_meanwhile_is_said_to_be(app: App) {
    let hardened = [
        ("VESTIBULE_DIALECTS__DJOSER__SEND_ACTIVATION_EMAIL", "true"),
        ("VESTIBULE_DIALECTS__DJOSER__PROFILE", "hardened"),
    ];
    let app = App::with(&hardened).beside(&app).await;
    let password = "correct horse battery staple";
    let body = |email: &str| json!({ "email": email, "password": password });
    app.post(USERS, &body("ann@example.org")).send().await.expect(201);
    activate(&app, "ann@example.org").await;
    let named = json!({ "username": "ann@example.org", "password": password });
    let pair: Value = app.post(CREATE, &named).send().await.expect(200).json();
    let change = json!({ "email": "lee@example.org", "current_password": password });
    let call = app.patch("/api/auth/users/me/", &change);
    let call = call.bearer(pair["access"].as_str().expect("a token"));
    call.send().await.expect(200);
    app.run_jobs().await;
    let mails = app.mailbox.mails();
    let site = "http://127.0.0.1:8000/#/activate/";
    let asked = mails.iter().rev().find(|mail| mail.to == "lee@example.org").expect("asked");
    let link = link_of(asked, site);

    app.advance(std::time::Duration::from_mins(2));
    app.post(USERS, &body("lee@example.org")).send().await.expect(201);
    activate(&app, "lee@example.org").await;
    let reply = app.post("/api/auth/users/activation/", &link).send().await;
    assert_eq!(reply.status, 400, "{}", reply.text);
    let said = json!({ "email": ["user with this email already exists."] });
    assert_eq!(reply.json(), said);
}
