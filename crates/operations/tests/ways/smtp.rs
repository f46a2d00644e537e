//! Mails over SMTP that arrive: as they were sent, once, over few connections.

use futures_util::future::join_all;
use operations::accounts::{NewIdentifiers, Register, register};
use operations::jobs::run_due;
use testkit::{SmtpSecurity, SmtpServer};

use super::{app_with, fate, promise_mail};
use crate::support::{delete, registration};

#[tokio::test]
async fn a_mail_arrives_as_it_was_sent() {
    let server = SmtpServer::start();
    let app = app_with(&server, &[]).await;
    promise_mail(&app, "ann").await;
    assert_eq!(app.run_jobs().await, 1);

    let mails = server.mails();
    assert_eq!(mails.len(), 1);
    assert_eq!(
        (mails[0].from.as_str(), mails[0].to.as_slice()),
        ("no-reply@localhost", &["ann@example.org".to_owned()][..])
    );
    assert_eq!((mails[0].tls, mails[0].auth.as_deref()), (false, None));
    assert_eq!(mails[0].mail.to, "ann@example.org");
    assert!(mails[0].mail.find_token().is_some(), "{}", mails[0].mail.text);
}

#[tokio::test]
async fn cfg_02_a_mail_leaves_encrypted_and_from_whom_the_server_knows() {
    for security in [SmtpSecurity::StartTls, SmtpSecurity::Implicit] {
        let server = SmtpServer::with().security(security).user("svc", "p@ss:wörd+%").start();
        let settings = [
            ("VESTIBULE_MAIL__SMTP_USERNAME", "svc"),
            ("VESTIBULE_MAIL__SMTP_PASSWORD", "p@ss:wörd+%"),
            ("VESTIBULE_MAIL__SMTP_HELLO", "accounts.example.org"),
        ];
        let app = app_with(&server, &settings).await;
        promise_mail(&app, "ann").await;
        app.run_jobs().await;
        let mails = server.mails();
        assert_eq!(mails.len(), 1, "{:?}", fate(&app).await);
        assert_eq!((mails[0].tls, mails[0].auth.as_deref()), (true, Some("svc")));
        assert_eq!(mails[0].hello, "accounts.example.org");
    }
}

#[tokio::test]
async fn the_url_may_name_the_user() {
    let server =
        SmtpServer::with().security(SmtpSecurity::StartTls).user("svc", "p@ss:wörd+%").start();
    let url = server.url().replace("://", "://svc:p%40ss%3Aw%C3%B6rd+%25@");
    let app = app_with(&server, &[("VESTIBULE_MAIL__SMTP_URL", &url)]).await;
    promise_mail(&app, "ann").await;
    app.run_jobs().await;
    assert_eq!(server.mails()[0].auth.as_deref(), Some("svc"));
}

#[tokio::test]
async fn many_mails_take_few_connections() {
    let server = SmtpServer::start();
    let app = app_with(&server, &[("VESTIBULE_MAIL__SMTP_CONNECTIONS", "2")]).await;
    for index in 0..24 {
        promise_mail(&app, &format!("ann{index}")).await;
    }
    join_all((0..6).map(|_| run_due(&app.services))).await;
    app.run_jobs().await;
    assert_eq!(server.mails().len(), 24);
    assert!(server.connections() <= 2, "{}", server.connections());
}

#[tokio::test]
async fn what_does_not_listen_any_more_is_not_used_again() {
    let server = SmtpServer::start();
    let app = app_with(&server, &[]).await;
    promise_mail(&app, "ann").await;
    app.run_jobs().await;
    server.hang_up();
    promise_mail(&app, "bob").await;
    app.run_jobs().await;
    assert_eq!(server.mails().len(), 2, "at the first attempt");

    server.stop();
    server.start_again();
    promise_mail(&app, "cid").await;
    app.run_jobs().await;
    assert_eq!(server.mails().len(), 3);
}

/// The letters before the `@` need a server that takes them; those of the domain do not.
#[tokio::test]
async fn addresses_of_other_alphabets_arrive_or_are_given_up_in_words() {
    let server = SmtpServer::start();
    let app = app_with(&server, &[]).await;
    for address in ["пётр@example.org", "ann@bücher.example"] {
        promise_mail_to(&app, address).await;
    }
    app.run_jobs().await;
    let mut to: Vec<String> = server.mails().into_iter().flat_map(|mail| mail.to).collect();
    to.sort();
    assert_eq!(to, ["ann@xn--bcher-kva.example", "пётр@example.org"]);

    let server = SmtpServer::with().without_smtputf8().start();
    let app = app_with(&server, &[]).await;
    promise_mail_to(&app, "ann@bücher.example").await;
    app.run_jobs().await;
    assert_eq!(server.mails().len(), 1);
    let app = app_with(&server, &[]).await;
    promise_mail_to(&app, "пётр@example.org").await;
    app.run_jobs().await;
    let (state, reason) = fate(&app).await;
    assert_eq!(state, "parked", "{reason}");
    assert!(reason.contains("SMTPUTF8") && !reason.contains("пётр"), "{reason}");
}

#[tokio::test]
async fn reg_07_no_line_break_reaches_an_smtp_server() {
    let server = SmtpServer::start();
    let app = app_with(&server, &[]).await;
    let corpus = [
        "ann@example.org\r\nBcc: eve@evil.example",
        "ann@example.org\nRCPT TO:<eve@evil.example>",
        "ann@example.org>\r\nRCPT TO:<eve@evil.example",
        "\"ann\r\nDATA\"@example.org",
        "ann@example.org,eve@evil.example",
        "ann@example.org eve@evil.example",
        "<ann@example.org>",
        "ann@exa\0mple.org",
        "ann@example.org\u{85}Bcc: eve@evil.example",
        "ann\u{2028}@example.org",
        "@evil.example:ann@example.org",
        "ann%evil.example@example.org",
        "ann@[127.0.0.1]",
        "ann@example.org SIZE=1",
    ];
    for (index, address) in corpus.into_iter().enumerate() {
        let request = Register {
            identifiers: NewIdentifiers {
                username: Some(format!("ann{index}")),
                email: Some(address.to_owned()),
                phone: None,
            },
            first_name: Some("Ann".to_owned()),
            ..registration("ann")
        };
        if let Ok(user) = register(&app.services, &app.stranger(), &request).await {
            delete(&app.services, user.id).await;
        }
    }
    promise_mail(&app, "last").await;
    app.run_jobs().await;

    let mails = server.wait_for(1).await;
    assert!(mails.iter().any(|mail| mail.to == ["last@example.org"]));
    for mail in mails {
        assert_eq!(mail.to.len(), 1, "{:?}", mail.to);
        assert!(mail.to[0].ends_with("@example.org"), "{:?}", mail.to);
        let head = mail.mail.source.split("\r\n\r\n").next().expect("a head").to_ascii_lowercase();
        assert!(!head.contains("\r\nbcc:") && !head.contains("evil.example>"), "{head}");
    }
    let recipients = server.said().into_iter().filter(|words| words.starts_with("RCPT")).count();
    assert_eq!(recipients, server.mails().len());
}

async fn promise_mail_to(app: &testkit::App, address: &str) {
    let request = Register {
        identifiers: NewIdentifiers { email: Some(address.to_owned()), ..Default::default() },
        ..registration("nobody")
    };
    let user = register(&app.services, &app.stranger(), &request).await.expect("registered");
    delete(&app.services, user.id).await;
}
