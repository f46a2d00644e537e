//! Verifying addresses and recovering accounts, as clients do.

use http::Method;
use serde_json::{Value, json};
use testkit::{App, Backend, Mail, PASSWORD, access_token};

const NEW: &str = "an entirely different staple";

testkit::on_every_backend!(asking =>
    an_address_is_verified_with_its_code_and_an_access_token,
    an_address_is_verified_without_an_access_token,
    a_forgotten_password_is_set_anew,
    reg_08_what_is_no_text_is_refused_and_mails_nobody,
    otp_09_no_answer_shows_a_code,
    rcv_02_links_begin_with_the_configured_address,
    a_replaced_address_is_taken_back,
    lgn_06_guesses_from_one_network_are_limited,
);

async fn asking(backend: Backend) -> App {
    let settings = [
        ("VESTIBULE_ACCOUNTS__VERIFY_NEW_ADDRESSES", "true"),
        ("VESTIBULE_HTTP__PUBLIC_URL", "https://id.example.org"),
        ("VESTIBULE_HTTP__SECURE_COOKIES", "false"),
        ("VESTIBULE_LIMITS__CODE_FAILURES", "6/h"),
    ];
    App::with(&settings).start(backend).await
}

async fn mail_to(app: &App, address: &str, about: &str) -> Mail {
    app.run_jobs().await;
    let mails = app.mailbox.mails();
    let found =
        mails.into_iter().rev().find(|mail| mail.to == address && mail.subject.contains(about));
    found.unwrap_or_else(|| panic!("nothing about {about:?} to {address}"))
}

async fn recovery_mail(app: &App, name: &str) -> Mail {
    app.post("/api/v1/auth/recover", &json!({ "identifier": name })).send().await.expect(202);
    mail_to(app, &format!("{name}@example.org"), "get back").await
}

async fn an_address_is_verified_with_its_code_and_an_access_token(app: App) {
    let token = app.newcomer("ann").await;
    let code = mail_to(&app, "ann@example.org", "Confirm").await.code();
    let verify = "/api/v1/auth/verify/email";
    let wrong = app.post(verify, &json!({ "code": "000000x" })).bearer(&token).send().await;
    assert_eq!(wrong.expect(400).json()["code"], "code_invalid");
    let user = app.post(verify, &json!({ "code": code })).bearer(&token).send().await;
    assert_eq!(user.expect(200).json()["email_verified"], true);
    let send = app.call(Method::POST, "/api/v1/auth/verify/email/send").bearer(&token).send().await;
    assert_eq!(send.expect(409).json()["code"], "nothing_to_verify");
    let phone =
        app.call(Method::POST, "/api/v1/auth/verify/phone/send").bearer(&token).send().await;
    assert_eq!(phone.status, 409);
    let stale = app.post(verify, &json!({ "code": code })).bearer("nonsense").send().await;
    assert_eq!(stale.status, 401, "a token that is sent is a good one");
}

async fn an_address_is_verified_without_an_access_token(app: App) {
    app.register("ann").await;
    let mail = mail_to(&app, "ann@example.org", "Confirm").await;
    let verify = "/api/v1/auth/verify/email";
    assert_eq!(app.post(verify, &json!({ "code": mail.code() })).send().await.status, 401);
    assert_eq!(app.post(verify, &json!({})).send().await.status, 422);
    let both = json!({ "code": mail.code(), "token": mail.link_token() });
    assert_eq!(app.post(verify, &both).send().await.status, 422);
    for address in ["nobody@example.org", "ann@example.org"] {
        let body = json!({ "code": "12345", "email": address });
        assert_eq!(app.post(verify, &body).send().await.expect(400).json()["code"], "code_invalid");
    }
    let body = json!({ "code": mail.code(), "email": "ann@example.org" });
    app.post(verify, &body).send().await.expect(200);

    app.register("bob").await;
    let token = mail_to(&app, "bob@example.org", "Confirm").await.link_token();
    let user = app.post(verify, &json!({ "token": token })).send().await.expect(200).json();
    assert_eq!(user["email_verified"], true);
    let again = app.post(verify, &json!({ "token": token })).send().await;
    assert_eq!(again.expect(400).json()["code"], "link_invalid");
}

async fn a_forgotten_password_is_set_anew(app: App) {
    app.register("ann").await;
    let session = app.sign_in("ann").await;
    let mail = recovery_mail(&app, "ann").await;
    let verify = "/api/v1/auth/recover/verify";
    let body = json!({ "identifier": "ann", "code": mail.code() });
    let ticket = app.post(verify, &body).send().await.expect(200).json();
    let ticket = ticket["reset_ticket"].as_str().unwrap_or_default().to_owned();
    assert_eq!(ticket.len(), 43, "256 bits");
    let set = |ticket: &str, password: &str| {
        let body = json!({ "reset_ticket": ticket, "password": password });
        app.post("/api/v1/auth/recover/password", &body).send()
    };
    assert_eq!(set(&ticket, "short").await.status, 422);
    assert_eq!(set(&ticket[1..], NEW).await.expect(400).json()["code"], "link_invalid");
    let done = set(&ticket, NEW).await.expect(204);
    assert!(done.text.is_empty(), "RCV-06: nobody is signed in by it");
    assert_eq!(set(&ticket, NEW).await.status, 400);
    let current = app.get("/api/v1/users/current").bearer(&access_token(&session)).send().await;
    assert_eq!(current.status, 401);
    assert_eq!(app.try_sign_in("ann", PASSWORD).await.status, 401);
    app.try_sign_in("ann", NEW).await.expect(200);
}

async fn reg_08_what_is_no_text_is_refused_and_mails_nobody(app: App) {
    app.register("ann").await;
    app.run_jobs().await;
    let before = app.mailbox.mails().len();
    for odd in [json!(["ann", "eve"]), json!({ "$ne": null }), Value::Null, json!(7), json!(true)] {
        for path in ["/api/v1/auth/recover", "/api/v1/auth/recover/verify"] {
            let body = json!({ "identifier": odd, "code": "123456" });
            assert_eq!(app.post(path, &body).send().await.status, 422, "{path} {odd}");
        }
        let body = json!({ "code": odd, "email": "ann@example.org" });
        assert_eq!(app.post("/api/v1/auth/verify/email", &body).send().await.status, 422);
        let body = json!({ "email": odd });
        assert_eq!(app.post("/api/v1/auth/verify/email/send", &body).send().await.status, 422);
    }
    app.run_jobs().await;
    assert_eq!(app.mailbox.mails().len(), before);
}

async fn otp_09_no_answer_shows_a_code(app: App) {
    app.register("ann").await;
    let body = json!({ "identifier": "ann", "return_code": true });
    assert_eq!(app.post("/api/v1/auth/recover", &body).send().await.status, 422);
    let reply = app.post("/api/v1/auth/recover", &json!({ "identifier": "ann" })).send().await;
    let reply = reply.expect(202);
    let mail = mail_to(&app, "ann@example.org", "get back").await;
    assert!(reply.text.is_empty());
    let headers = format!("{:?}", reply.headers);
    assert!(!headers.contains(&mail.code()) && !headers.contains("set-cookie"), "{headers}");
}

async fn rcv_02_links_begin_with_the_configured_address(app: App) {
    app.register("ann").await;
    let body = json!({ "identifier": "ann" });
    let call = app.post("/api/v1/auth/recover", &body);
    let evil = ["x-forwarded-host", "x-forwarded-proto", "forwarded", "referer"];
    let call = evil.into_iter().fold(call, |call, name| call.header(name, "evil.example"));
    call.send().await.expect(202);
    let mail = mail_to(&app, "ann@example.org", "get back").await;
    assert!(mail.text.contains("https://id.example.org/link/recover?token="), "{}", mail.text);
    assert!(!mail.source.contains("evil"));
}

async fn a_replaced_address_is_taken_back(app: App) {
    let token = app.newcomer("ann").await;
    let change = json!({ "email": null, "current_password": PASSWORD });
    app.patch("/api/v1/users/current", &change).bearer(&token).send().await.expect(200);
    let link = mail_to(&app, "ann@example.org", "replaced").await.link_token();
    let body = json!({ "token": link });
    let ticket = app.post("/api/v1/users/take-back", &body).send().await.expect(200).json();
    assert!(ticket["reset_ticket"].is_string());
    assert_eq!(app.account("ann").await.email.as_deref(), Some("ann@example.org"));
    let again = app.post("/api/v1/users/take-back", &body).send().await;
    assert_eq!(again.expect(400).json()["code"], "link_invalid");
}

async fn lgn_06_guesses_from_one_network_are_limited(app: App) {
    app.register("ann").await;
    let mail = recovery_mail(&app, "ann").await;
    let guess = |code: &str| {
        let body = json!({ "identifier": "ann", "code": code });
        app.post("/api/v1/auth/recover/verify", &body).send()
    };
    for nth in 0..6 {
        assert_eq!(guess("99999").await.status, 400, "{nth}");
    }
    let limited = guess(&mail.code()).await.expect(429);
    assert!(limited.header("retry-after").is_some());
}
