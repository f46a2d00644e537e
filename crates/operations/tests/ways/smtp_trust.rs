//! Whom mail is entrusted to: nobody gets a mail or a password who has not shown who he is (CFG-02).

use testkit::{SmtpSecurity, SmtpServer, SmtpServerBuilder};

use super::{app_with, fate, promise_mail};

const USER: [(&str, &str); 2] =
    [("VESTIBULE_MAIL__SMTP_USERNAME", "svc"), ("VESTIBULE_MAIL__SMTP_PASSWORD", "canary-1742")];

#[tokio::test]
async fn cfg_02_without_the_encryption_that_is_wanted_nothing_is_sent() {
    let server = SmtpServer::with().user("svc", "canary-1742").start();
    let url = format!("{}?tls=required", server.url());
    let settings = [USER.as_slice(), &[("VESTIBULE_MAIL__SMTP_URL", url.as_str())]].concat();
    let app = app_with(&server, &settings).await;
    promise_mail(&app, "ann").await;
    app.run_jobs().await;
    let (state, reason) = fate(&app).await;
    assert_eq!(state, "ready");
    assert!(reason.contains("no STARTTLS"), "{reason}");
    assert_only_greeted(&server);
}

#[tokio::test]
async fn cfg_02_a_server_with_a_bad_certificate_gets_nothing() {
    let cases: [(fn(SmtpServerBuilder) -> SmtpServerBuilder, &str); 2] = [
        (SmtpServerBuilder::expired_certificate, "expired"),
        (|server| server.certificate_of("mail.example.org"), "not valid for name"),
    ];
    for security in [SmtpSecurity::StartTls, SmtpSecurity::Implicit] {
        for (spoil, words) in cases {
            let server = spoil(SmtpServer::with().security(security).user("svc", "canary-1742"));
            let server = server.start();
            let app = app_with(&server, &USER).await;
            assert_distrusted(&app, &server, words).await;
        }
        let server = SmtpServer::with().security(security).user("svc", "canary-1742").start();
        let stranger = SmtpServer::start();
        let ca_file = stranger.ca_file().display().to_string();
        let settings =
            [USER.as_slice(), &[("VESTIBULE_MAIL__SMTP_CA_FILE", ca_file.as_str())]].concat();
        let app = app_with(&server, &settings).await;
        assert_distrusted(&app, &server, "UnknownIssuer").await;
    }
}

async fn assert_distrusted(app: &testkit::App, server: &SmtpServer, words: &str) {
    promise_mail(app, "ann").await;
    app.run_jobs().await;
    let (state, reason) = fate(app).await;
    assert_eq!(state, "ready", "the operator can mend it");
    assert!(reason.contains("cannot be trusted") && reason.contains(words), "{reason}");
    assert_only_greeted(server);
}

#[tokio::test]
async fn a_wrong_password_is_the_operators_mistake() {
    let server = SmtpServer::with().security(SmtpSecurity::StartTls).user("svc", "other").start();
    let app = app_with(&server, &USER).await;
    promise_mail(&app, "ann").await;
    app.run_jobs().await;
    let (state, reason) = fate(&app).await;
    assert_eq!(state, "ready", "no mail is given up for it");
    assert!(reason.contains("535") && reason.contains("our user and password"), "{reason}");
    assert!(!reason.contains("canary"), "{reason}");
    assert!(server.mails().is_empty());
}

/// Neither a password nor a mail.
fn assert_only_greeted(server: &SmtpServer) {
    let said = server.said();
    let is_harmless = |words: &String| words.starts_with("EHLO") || words.starts_with("STARTTLS");
    assert!(said.iter().all(is_harmless), "{said:?}");
    assert!(server.mails().is_empty());
}
