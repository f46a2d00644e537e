//! Mails over SMTP.

use testkit::{App, Backend, SmtpServer};

use crate::support::{delete, registered};

#[tokio::test]
async fn a_mail_arrives_as_it_was_sent() {
    let server = SmtpServer::start();
    let app = app(&server, &[]).await;
    let ann = registered(&app.services, "ann").await;
    delete(&app.services, ann.id).await;
    assert_eq!(app.run_jobs().await, 1);

    let mails = server.mails();
    assert_eq!(mails.len(), 1);
    assert_eq!(mails[0].to, ["ann@example.org"]);
    assert_eq!(mails[0].from, "no-reply@localhost");
    assert_eq!((mails[0].tls, mails[0].auth.as_deref()), (false, None));
    assert_eq!(mails[0].mail.to, "ann@example.org");
    assert!(mails[0].mail.find_token().is_some(), "{}", mails[0].mail.text);
}

async fn app(server: &SmtpServer, settings: &[(&str, &str)]) -> App {
    let url = server.url();
    let mut all =
        vec![("VESTIBULE_MAIL__TRANSPORT", "smtp"), ("VESTIBULE_MAIL__SMTP_URL", url.as_str())];
    all.extend(settings);
    App::with(&all).start(Backend::Sqlite).await
}
