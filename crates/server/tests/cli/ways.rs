//! `doctor` on the ways out for mail and text messages: what it says, and that it sends nothing.

use testkit::{Backend, HttpServer, SmtpSecurity, SmtpServer};

use super::Stage;
use super::doctor::finding;

#[tokio::test]
async fn what_is_wrong_with_smtp_is_said_in_words() {
    let server = SmtpServer::with().security(SmtpSecurity::StartTls).user("svc", "canary").start();
    let stage = Stage::with_admin(Backend::Sqlite)
        .await
        .with("VESTIBULE_MAIL__TRANSPORT", "smtp")
        .with("VESTIBULE_MAIL__SMTP_URL", &server.url())
        .with("VESTIBULE_MAIL__SMTP_CA_FILE", &server.ca_file().display().to_string())
        .with("VESTIBULE_MAIL__SMTP_USERNAME", "svc")
        .with("VESTIBULE_MAIL__SMTP_PASSWORD", "canary");
    let ended = stage.run(&["doctor", "--json"]);
    let says = format!("localhost:{} answers, encrypted", server.port());
    assert_eq!(finding(&ended, "mail"), ("ok".to_owned(), says));

    let in_clear = SmtpServer::start();
    let without_starttls = format!("{}?tls=required", in_clear.url());
    let nobody = "smtp://localhost:1?tls=required";
    let cases = [
        ("VESTIBULE_MAIL__SMTP_URL", nobody, "takes no connections"),
        ("VESTIBULE_MAIL__SMTP_URL", without_starttls.as_str(), "offers no STARTTLS"),
        ("VESTIBULE_MAIL__SMTP_PASSWORD", "other-canary", "answered 535 to our user and password"),
        ("VESTIBULE_MAIL__SMTP_CA_FILE", "", "cannot be trusted"),
    ];
    let mut stage = stage;
    for (variable, value, words) in cases {
        let before = if variable.ends_with("URL") { server.url() } else { "canary".to_owned() };
        stage = stage.with(variable, value);
        let (verdict, says) = finding(&stage.run(&["doctor", "--json"]).is(1), "mail");
        assert_eq!(verdict, "problem");
        assert!(says.contains(words) && !says.contains("canary"), "{says}");
        stage = stage.with(variable, &before);
    }
    assert!(server.mails().is_empty() && in_clear.mails().is_empty());
}

#[tokio::test]
async fn gateways_and_webhooks_are_reached_and_sent_nothing() {
    let server = HttpServer::start(&[]);
    server.answer(404, "");
    let ca_file = server.ca_file().display().to_string();
    let webhook = format!("{}/canary", server.url());
    let gateway = format!("{}/canary/{{to}}", server.url());
    let stage = Stage::with_admin(Backend::Sqlite)
        .await
        .with("VESTIBULE_MAIL__TRANSPORT", "webhook")
        .with("VESTIBULE_MAIL__WEBHOOK_URL", &webhook)
        .with("VESTIBULE_MAIL__WEBHOOK_SECRET", "whsec_3rZ5m0cUuWqJ1Yx8pTnF6sLd2vHkBgE9")
        .with("VESTIBULE_MAIL__WEBHOOK_CA_FILE", &ca_file)
        .with("VESTIBULE_SMS__TRANSPORT", "gateway")
        .with("VESTIBULE_SMS__GATEWAY_URL", &gateway)
        .with("VESTIBULE_SMS__CA_FILE", &ca_file);
    let ended = stage.run(&["doctor", "--json"]);
    for check in ["mail", "text messages"] {
        let (verdict, says) = finding(&ended, check);
        assert_eq!(verdict, "ok", "{says}");
        assert!(says.starts_with("localhost:") && says.ends_with(" answers"), "{says}");
    }
    let is_harmless = |path: &str, method: &str| path == "/" && method == "HEAD";
    assert!(server.requests().iter().all(|it| is_harmless(&it.path, &it.method)));

    let stage = stage
        .with("VESTIBULE_MAIL__WEBHOOK_CA_FILE", "")
        .with("VESTIBULE_SMS__GATEWAY_URL", "https://localhost:1/canary/{to}");
    let ended = stage.run(&["doctor", "--json"]).is(1);
    assert!(finding(&ended, "mail").1.contains("cannot be trusted"));
    assert!(finding(&ended, "text messages").1.contains("takes no connections"));
    assert!(!ended.out.contains("canary"), "{}", ended.out);
}
