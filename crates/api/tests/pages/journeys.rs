//! From the link in a mail to its end, on every database.

use std::time::Duration;

use http::Method;
use serde_json::json;
use testkit::{App, Backend, PASSWORD, access_token};

use super::support::{assert_page, mail_with, press, recovery_mail};

const NEW: &str = "an entirely different staple";

testkit::on_every_backend!(asking =>
    rcv_04_a_page_that_is_opened_consumes_nothing,
    an_account_is_recovered_without_scripts,
    a_password_that_breaks_a_rule_keeps_the_ticket,
    an_address_is_taken_back_and_a_password_chosen,
    a_deleted_account_is_restored_by_its_name,
);

async fn asking(backend: Backend) -> App {
    App::with(&[("VESTIBULE_ACCOUNTS__VERIFY_NEW_ADDRESSES", "true")]).start(backend).await
}

async fn rcv_04_a_page_that_is_opened_consumes_nothing(app: App) {
    app.register("ann").await;
    let token = mail_with(&app, "ann@example.org", "/link/verify-email").await.link_token();
    let path = format!("/link/verify-email?token={token}");
    for _ in 0..5 {
        assert_page(&app.get(&path).send().await, 200, "Confirm your e-mail address");
    }
    let head = app.call(Method::HEAD, &path).send().await.expect(200);
    assert_eq!(head.text, "");
    assert!(!app.account("ann").await.email_verified);
    let page = app.get(&path).send().await;
    let done = press(&app, &path, &page, &[]).send().await;
    assert_page(&done, 200, "Your address is confirmed");
    assert!(app.account("ann").await.email_verified);
    let again = press(&app, &path, &page, &[]).send().await;
    assert_page(&again, 400, "This link does not work");
}

async fn an_account_is_recovered_without_scripts(app: App) {
    app.register("ann").await;
    let session = access_token(&app.sign_in("ann").await);
    let path = format!("/link/recover?token={}", recovery_mail(&app, "ann").await.link_token());
    let page = app.get(&path).send().await;
    assert_page(&page, 200, "Set a new password");
    let form = press(&app, &path, &page, &[]).send().await;
    assert_page(&form, 200, "Choose a new password");
    assert_eq!(form.text.matches("autocomplete=\"new-password\"").count(), 2);
    let typed = [("password", NEW), ("repeated", NEW)];
    let done = press(&app, "/link/recover", &form, &typed).send().await;
    assert_page(&done, 200, "Your password is set");
    assert!(done.header("set-cookie").is_none(), "RCV-06: nobody is signed in");
    app.get("/api/v1/users/current").bearer(&session).send().await.expect(401);
    app.try_sign_in("ann", NEW).await.expect(200);
    let again = press(&app, "/link/recover", &form, &typed).send().await;
    assert_page(&again, 400, "This link does not work");
}

async fn a_password_that_breaks_a_rule_keeps_the_ticket(app: App) {
    app.register("ann").await;
    let path = format!("/link/recover/?token={}", recovery_mail(&app, "ann").await.link_token());
    let page = app.get(&path).send().await;
    let mut form = press(&app, &path, &page, &[]).send().await;
    for (password, repeated, says) in [
        ("short", "short", "At least 8 characters are needed."),
        ("password123", "password123", "This password is among the first that attackers try."),
        (NEW, "another", "The two passwords are not the same."),
    ] {
        let typed = [("password", password), ("repeated", repeated)];
        form = press(&app, "/link/recover", &form, &typed).send().await;
        assert_page(&form, 422, says);
        assert!(!form.text.contains(password), "no password is shown again");
    }
    let typed = [("password", NEW), ("repeated", NEW)];
    let done = press(&app, "/link/password", &form, &typed).header("accept-language", "ru");
    assert_page(&done.send().await, 200, "Пароль задан");
}

async fn an_address_is_taken_back_and_a_password_chosen(app: App) {
    app.register("ann").await;
    let session = access_token(&app.sign_in("ann").await);
    let change = json!({ "email": "thief@example.org", "current_password": PASSWORD });
    app.patch("/api/v1/users/current", &change).bearer(&session).send().await.expect(200);
    app.run_jobs().await;
    let code = app.mailbox.newest_to("thief@example.org").code();
    let verify = app.post("/api/v1/auth/verify/email", &json!({ "code": code })).bearer(&session);
    verify.send().await.expect(200);
    let mail = mail_with(&app, "ann@example.org", "/link/take-back").await;
    let path = format!("/link/take-back?token={}", mail.link_token());
    let page = app.get(&path).send().await;
    assert_page(&page, 200, "Take your address back");
    let form = press(&app, &path, &page, &[]).send().await;
    assert_page(&form, 200, "Your account has its address back");
    let typed = [("password", NEW), ("repeated", NEW)];
    let done = press(&app, &path, &form, &typed).send().await;
    assert_page(&done, 200, "Your password is set");
    assert_eq!(app.account("ann").await.email.as_deref(), Some("ann@example.org"));
}

async fn a_deleted_account_is_restored_by_its_name(app: App) {
    app.register("ann").await;
    let session = access_token(&app.sign_in("ann").await);
    let delete = json!({ "current_password": PASSWORD });
    app.delete("/api/v1/users/current", &delete).bearer(&session).send().await.expect(200);
    let mail = mail_with(&app, "ann@example.org", "/link/restore").await;
    assert_eq!(mail.token(), mail.link_token());
    let path = format!("/link/restore?token={}", mail.token());
    let page = app.get(&path).send().await;
    assert_page(&page, 200, "Restore your account");
    let wrong = press(&app, &path, &page, &[("identifier", "bob@example.org")]).send().await;
    assert_page(&wrong, 400, "does not belong to this account");
    let done = press(&app, &path, &wrong, &[("identifier", " ann@example.org ")]).send().await;
    assert_page(&done, 200, "Your account is back");
    app.try_sign_in("ann", PASSWORD).await.expect(200);

    // Mails of one moment come in no order.
    app.advance(Duration::from_mins(1));
    let session = access_token(&app.sign_in("ann").await);
    app.delete("/api/v1/users/current", &delete).bearer(&session).send().await.expect(200);
    let used = press(&app, &path, &page, &[("identifier", "ann")]).send().await;
    assert_page(&used, 400, "was used before");
    let mail = mail_with(&app, "ann@example.org", "/link/restore").await;
    app.advance(Duration::from_hours(24 * 30));
    let path = format!("/link/restore?token={}", mail.token());
    let page = app.get(&path).send().await;
    let late = press(&app, &path, &page, &[("identifier", "ann")]).send().await;
    assert_page(&late, 410, "The time is over");
}
