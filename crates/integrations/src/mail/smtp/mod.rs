//! Mail over SMTP.

mod connection;
mod failure;
mod pool;
mod target;

use std::time::Duration;

use async_trait::async_trait;
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Certificate, TlsParameters};
use lettre::transport::smtp::extension::ClientId;
use operations::ports::{MailError, Mailer, OutgoingMail};
use tokio::time::timeout;

pub use target::{SmtpTarget, TargetError};

use self::connection::Server;
use self::pool::Pool;
use super::compose::Sender;

/// Of the patience for opening a connection: servers look for worms while a mail waits.
const DELIVERY: u32 = 3;

pub struct SmtpMailer {
    pool: Pool,
    name: String,
    patience: Duration,
    sender: Sender,
}

pub struct SmtpSettings {
    pub target: SmtpTarget,
    /// Beside those of the target.
    pub credentials: Option<(String, String)>,
    /// In PEM: who is trusted beside whom the system trusts.
    pub authorities: Option<Vec<u8>>,
    /// At most so many at a time.
    pub connections: usize,
    /// How we call ourselves; without it by the name of this machine.
    pub hello: Option<String>,
    /// How long opening a connection may take; a mail takes at most three times as long.
    pub patience: Duration,
}

/// These settings cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SmtpSettingsError {
    #[error("holds no certificate in PEM")]
    Authorities,
    #[error("TLS cannot be set up for this host: {0}")]
    Tls(String),
}

impl SmtpMailer {
    /// Certificates are always verified.
    pub fn new(settings: SmtpSettings, sender: Sender) -> Result<Self, SmtpSettingsError> {
        let SmtpSettings { target, credentials, authorities, connections, hello, patience } =
            settings;
        let tls = if target.is_encrypted() {
            Some(tls(&target.host, authorities.as_deref())?)
        } else {
            None
        };
        let credentials = credentials.or_else(|| target.credentials.clone());
        let name = target.name();
        let server = Server {
            tls,
            password: credentials
                .as_ref()
                .map(|(_, password)| password.clone())
                .unwrap_or_default(),
            credentials: credentials.map(|(user, password)| Credentials::new(user, password)),
            hello: hello.map_or_else(ClientId::default, ClientId::Domain),
            target,
        };
        Ok(Self { pool: Pool::new(server, connections, patience), name, patience, sender })
    }

    /// The time counts from when there is a connection: those that wait for one do not hurry who has
    /// one, and say nothing of the server.
    async fn try_to_send(&self, mail: &OutgoingMail) -> Result<(), MailError> {
        let message = self.sender.compose(mail)?;
        let mut lent = self.pool.lend().await?;
        let formatted = message.formatted();
        let delivery = lent.connection.deliver(message.envelope(), &formatted);
        let Ok(delivered) = timeout(DELIVERY * self.patience, delivery).await else {
            let reason = format!("{} is silent or too slow", self.name);
            return Err(MailError::Unavailable(reason));
        };
        let is_sound = match &delivered {
            Ok(()) => true,
            // It answered, and goes on with the next.
            Err(MailError::Refused(_) | MailError::Unavailable(_)) => lent.connection.reset().await,
            Err(MailError::Unreachable(_)) => false,
        };
        if is_sound {
            lent.give_back();
        }
        delivered
    }
}

#[async_trait]
impl Mailer for SmtpMailer {
    async fn send(&self, mail: &OutgoingMail) -> Result<(), MailError> {
        self.try_to_send(mail).await
    }

    async fn check(&self) -> Result<String, MailError> {
        let lent = self.pool.lend().await?;
        let how = if lent.connection.is_encrypted() { "encrypted" } else { "in clear" };
        let says = format!("{} answers, {how}", self.name);
        lent.give_back();
        Ok(says)
    }
}

fn tls(host: &str, authorities: Option<&[u8]>) -> Result<TlsParameters, SmtpSettingsError> {
    let mut builder = TlsParameters::builder(host.to_owned());
    if let Some(pem) = authorities {
        let certificate = Certificate::from_pem(pem).map_err(|_| SmtpSettingsError::Authorities)?;
        builder = builder.add_root_certificate(certificate);
    }
    builder.build().map_err(|error| SmtpSettingsError::Tls(error.to_string()))
}
