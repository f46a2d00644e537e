//! Mail over SMTP.

use std::time::Duration;

use async_trait::async_trait;
use lettre::transport::smtp::Error as SmtpError;
use lettre::{AsyncSmtpTransport, AsyncTransport, Tokio1Executor};
use operations::ports::{MailError, Mailer, OutgoingMail};

use super::compose::Sender;

/// Longest silence of the server.
const TIMEOUT: Duration = Duration::from_secs(15);

pub struct SmtpMailer {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    sender: Sender,
}

impl SmtpMailer {
    /// `smtps://user:password@host`, `smtp://host?tls=required` (STARTTLS), or `smtp://host` for a
    /// server on this machine. Certificates are always verified.
    pub fn new(url: &str, sender: Sender) -> Result<Self, MailError> {
        let transport = AsyncSmtpTransport::<Tokio1Executor>::from_url(url)
            // The library's text could repeat the URL, and with it the password.
            .map_err(|_| MailError::Refused("mail.smtp_url is not an SMTP URL".to_owned()))?
            .timeout(Some(TIMEOUT))
            .build();
        Ok(Self { transport, sender })
    }
}

#[async_trait]
impl Mailer for SmtpMailer {
    async fn send(&self, mail: &OutgoingMail) -> Result<(), MailError> {
        let message = self.sender.compose(mail)?;
        self.transport.send(message).await.map(|_| ()).map_err(|error| explain(&error))
    }

    async fn check(&self) -> Result<String, MailError> {
        match self.transport.test_connection().await {
            Ok(true) => Ok("the SMTP server answers".to_owned()),
            Ok(false) => Err(MailError::Unavailable("the SMTP server hangs up".to_owned())),
            Err(error) => Err(explain(&error)),
        }
    }
}

fn explain(error: &SmtpError) -> MailError {
    let reason = match error.status() {
        Some(code) => format!("the SMTP server answered {code}"),
        None if error.is_timeout() => "the SMTP server is silent".to_owned(),
        None if error.is_tls() => "the SMTP server's certificate is not good".to_owned(),
        None => "the SMTP server cannot be reached".to_owned(),
    };
    if error.is_permanent() { MailError::Refused(reason) } else { MailError::Unavailable(reason) }
}
