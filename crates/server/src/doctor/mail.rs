//! Is the way out open for mail?

use super::PATIENCE;
use super::finding::Finding;
use crate::config::{MailTransport, Settings};
use crate::ways::mailer;

const CHECK: &str = "mail";

pub(super) async fn check(settings: &Settings) -> Finding {
    let mend = match settings.mail.transport {
        MailTransport::Folder => "make mail.folder writable for this user, or name another",
        MailTransport::Smtp => "check mail.smtp_url: host, port, TLS, user and password",
        MailTransport::Webhook => "set mail.transport to smtp",
    };
    let mailer = match mailer(settings) {
        Ok(mailer) => mailer,
        Err(error) => return Finding::problem(CHECK, format!("{error:#}"), mend),
    };
    match tokio::time::timeout(2 * PATIENCE, mailer.check()).await {
        Ok(Ok(says)) => Finding::ok(CHECK, says),
        Ok(Err(error)) => Finding::problem(CHECK, error.to_string(), mend),
        Err(_) => Finding::problem(CHECK, "the mail server is silent", mend),
    }
}
