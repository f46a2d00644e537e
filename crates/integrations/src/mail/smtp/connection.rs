//! One connection to the server: opened, proven, and a mail handed over.

use std::ops::RangeInclusive;
use std::time::Duration;

use lettre::Address;
use lettre::address::Envelope;
use lettre::transport::smtp::authentication::{Credentials, DEFAULT_MECHANISMS};
use lettre::transport::smtp::client::{AsyncSmtpConnection, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail, Noop, Rcpt, Rset};
use lettre::transport::smtp::extension::{ClientId, Extension, MailBodyParameter, MailParameter};
use lettre::transport::smtp::response::Response;
use operations::ports::MailError;

use super::failure::{Stage, failure};
use super::target::{Security, SmtpTarget};

/// What still listens answers at once.
const FOR_RESET: Duration = Duration::from_secs(3);

/// All that a connection is made of.
pub(super) struct Server {
    pub(super) target: SmtpTarget,
    pub(super) tls: Option<TlsParameters>,
    pub(super) credentials: Option<Credentials>,
    /// Never said.
    pub(super) password: String,
    /// How we call ourselves.
    pub(super) hello: ClientId,
}

pub(super) struct Connection {
    inner: AsyncSmtpConnection,
    name: String,
}

impl Server {
    /// Encrypted and proven as the settings want it; without encryption nothing is said.
    pub(super) async fn open(&self) -> Result<Connection, MailError> {
        let name = self.target.name();
        let security = self.target.security;
        let at = |stage| {
            let (name, hidden) = (name.clone(), self.password.clone());
            move |error| failure(&name, stage, &error, &[&hidden])
        };
        let from_the_start = self.tls.clone().filter(|_| security == Security::Implicit);
        let place = (self.target.host.as_str(), self.target.port);
        let mut inner =
            AsyncSmtpConnection::connect_tokio1(place, None, &self.hello, from_the_start, None)
                .await
                .map_err(at(Stage::Greeting))?;
        if let Some(tls) = self.tls.clone().filter(|_| security == Security::StartTls) {
            if !inner.can_starttls() {
                let what = "offers no STARTTLS, and nothing is sent in clear";
                return Err(MailError::Unreachable(format!("{name} {what}")));
            }
            inner.starttls(tls, &self.hello).await.map_err(at(Stage::StartTls))?;
        }
        if let Some(credentials) = &self.credentials {
            let signed_in = inner.auth(DEFAULT_MECHANISMS, credentials).await;
            signed_in.map_err(at(Stage::SignIn))?;
        }
        Ok(Connection { inner, name })
    }
}

impl Connection {
    /// Whether the other side still listens.
    pub(super) async fn is_alive(&mut self) -> bool {
        self.inner.command(Noop).await.is_ok()
    }

    pub(super) fn is_encrypted(&self) -> bool {
        self.inner.is_encrypted()
    }

    /// Accepted when it returns.
    pub(super) async fn deliver(
        &mut self,
        envelope: &Envelope,
        mail: &[u8],
    ) -> Result<(), MailError> {
        let parameters = self.parameters(envelope, mail)?;
        let hidden: Vec<&str> = envelope.to().iter().map(AsRef::as_ref).collect();
        let name = self.name.clone();
        let at = |stage| {
            let (name, hidden) = (&name, &hidden);
            move |error| failure(name, stage, &error, hidden)
        };
        let sender = Mail::new(envelope.from().cloned(), parameters);
        let said = self.inner.command(sender).await.map_err(at(Stage::Sender))?;
        self.expect(&said, 200..=299)?;
        for to in envelope.to() {
            let recipient = Rcpt::new(to.clone(), Vec::new());
            let said = self.inner.command(recipient).await.map_err(at(Stage::Recipient))?;
            self.expect(&said, 200..=299)?;
        }
        let said = self.inner.command(Data).await.map_err(at(Stage::Content))?;
        self.expect(&said, 354..=354)?;
        let said = self.inner.message(mail).await.map_err(at(Stage::Content))?;
        self.expect(&said, 200..=299)
    }

    /// What answers another question is out of step: somebody slipped an answer in, before the
    /// encryption for one, and a mail that was refused would be taken for one that was accepted.
    fn expect(&self, said: &Response, codes: RangeInclusive<u16>) -> Result<(), MailError> {
        if codes.contains(&u16::from(said.code())) {
            return Ok(());
        }
        Err(MailError::Unreachable(format!("{} answers out of step", self.name)))
    }

    /// Ready for another mail after one that was not taken; answers whether.
    pub(super) async fn reset(&mut self) -> bool {
        tokio::time::timeout(FOR_RESET, self.inner.command(Rset))
            .await
            .is_ok_and(|said| said.is_ok())
    }

    /// What the mail needs of the server; refused when the server has it not.
    fn parameters(&self, to: &Envelope, mail: &[u8]) -> Result<Vec<MailParameter>, MailError> {
        let server = self.inner.server_info();
        let mut parameters = Vec::new();
        let refused = |what: &str| MailError::Refused(format!("{} takes no {what}", self.name));
        let is_ascii = |address: &Address| AsRef::<str>::as_ref(address).is_ascii();
        if !to.to().iter().chain(to.from()).all(is_ascii) {
            if !server.supports_feature(Extension::SmtpUtfEight) {
                return Err(refused("addresses with such letters before the @ (SMTPUTF8)"));
            }
            parameters.push(MailParameter::SmtpUtfEight);
        }
        if !mail.is_ascii() {
            if !server.supports_feature(Extension::EightBitMime) {
                return Err(refused("mail with letters beyond ASCII (8BITMIME)"));
            }
            parameters.push(MailParameter::Body(MailBodyParameter::EightBitMime));
        }
        Ok(parameters)
    }
}
