//! `[mail]`: how mail leaves the service.

use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use integrations::mail::WebhookSecrets;
use secrecy::{ExposeSecret, SecretString};

use super::reader::Reader;
use super::written::quoted;
use super::{Http, Security, Smtp};

const WEBHOOK_SECRET: &str = "mail.webhook_secret";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MailTransport {
    /// One `.eml` file a mail; for development and tests.
    Folder,
    Smtp,
    /// Another service sends it.
    Webhook,
}

#[derive(Clone, Debug)]
pub struct Mail {
    pub transport: MailTransport,
    pub folder: PathBuf,
    /// How long another server may take to answer.
    pub timeout: Duration,
    pub smtp: Smtp,
    /// There when `transport` is `Webhook`.
    pub webhook_url: Option<SecretString>,
    /// There when `transport` is `Webhook`: `whsec_…`, several with spaces between.
    pub webhook_secret: Option<SecretString>,
    /// Whom to trust beside the system's certificates.
    pub webhook_ca_file: Option<PathBuf>,
    /// `Name <address>` or a bare address.
    pub from: String,
    /// For whoever no other language is known.
    pub default_language: String,
    /// The operator's own, beside those that are compiled in.
    pub templates: Option<PathBuf>,
}

impl Mail {
    pub(super) fn read(reader: &mut Reader, security: &Security, http: &Http) -> Self {
        let transports = [
            ("folder", MailTransport::Folder),
            ("smtp", MailTransport::Smtp),
            ("webhook", MailTransport::Webhook),
        ];
        let mail = Self {
            transport: reader.choice("mail.transport", &transports),
            folder: reader.path("mail.folder"),
            // A mail takes four times as long at most: less than a job may run.
            timeout: reader
                .duration("mail.timeout", Duration::from_millis(100)..=Duration::from_secs(20)),
            smtp: Smtp::read(reader, security, http),
            // Such URLs carry their secret in the path: nothing of it is shown.
            webhook_url: reader.secret("mail.webhook_url"),
            webhook_secret: reader.secret(WEBHOOK_SECRET),
            webhook_ca_file: reader
                .optional_parsed("mail.webhook_ca_file", "path", |text| Ok(PathBuf::from(text))),
            from: reader.parsed("mail.from", "sender", sender),
            default_language: reader.parsed("mail.default_language", "language tag", language),
            templates: reader.optional_parsed("mail.templates", "path", |text| Ok(text.into())),
        };
        mail.validate(reader, security);
        mail
    }

    /// The name in front of the sender's address, as people know the service.
    pub(super) fn service_name(&self) -> String {
        let name = self.from.rsplit_once('<').map_or("", |(name, _)| name.trim().trim_matches('"'));
        if name.is_empty() || name.contains('@') { "Vestibule".to_owned() } else { name.to_owned() }
    }

    /// Whether the sender's address is at this machine, as the default is.
    fn is_from_here(&self) -> bool {
        let host = self.from.rsplit_once('@').map_or("", |(_, rest)| rest.trim_end_matches('>'));
        host == "localhost" || host.ends_with(".localhost")
    }

    /// How long handing over one mail may take, its connection included.
    pub(super) fn longest_delivery(&self) -> Duration {
        match self.transport {
            MailTransport::Folder => Duration::ZERO,
            MailTransport::Smtp => 4 * self.timeout,
            MailTransport::Webhook => self.timeout,
        }
    }

    fn validate(&self, reader: &mut Reader, security: &Security) {
        if self.transport != MailTransport::Folder && reader.is_production() && self.is_from_here()
        {
            reader
                .warn("mail.from", "mail from localhost is taken for spam, and cannot be answered");
        }
        if let Some(url) = &self.webhook_url {
            let how = "begin it with https://";
            security.check_connection(reader, "mail.webhook_url", url, &["http", "https"], how);
        }
        if let Some(secret) = &self.webhook_secret
            && let Err(error) = WebhookSecrets::from_str(secret.expose_secret())
        {
            reader.refuse(WEBHOOK_SECRET, error.to_string());
        }
        match self.transport {
            MailTransport::Smtp if self.smtp.url.is_none() => {
                reader.refuse("mail.smtp_url", "must be set with mail.transport = \"smtp\"");
            }
            MailTransport::Folder if reader.is_production() => {
                reader.warn("mail.transport", "mail stays in a folder and reaches nobody");
            }
            MailTransport::Webhook if self.webhook_url.is_none() => {
                reader.refuse("mail.webhook_url", "must be set with mail.transport = \"webhook\"");
            }
            MailTransport::Webhook if self.webhook_secret.is_none() => reader.refuse(
                WEBHOOK_SECRET,
                "must be set with mail.transport = \"webhook\"; make one with: echo \
                 whsec_$(openssl rand -base64 32)",
            ),
            MailTransport::Folder | MailTransport::Smtp | MailTransport::Webhook => {}
        }
    }
}

/// Whether there are mails in it is known when all templates are.
fn language(text: &str) -> Result<String, String> {
    let why = |_| format!("{} is no language tag, such as \"ru\" or \"pt-BR\"", quoted(text));
    domain::text::parse_locale(text).map_err(why)
}

/// Only what keeps a header in one line; whether the address can exist is for the mail server.
fn sender(text: &str) -> Result<String, String> {
    let address = match text.rsplit_once('<') {
        Some((_, rest)) => rest.strip_suffix('>').unwrap_or_default(),
        None => text,
    };
    let parts: Vec<&str> = address.split('@').collect();
    let is_address = parts.len() == 2
        && parts.iter().all(|part| !part.is_empty())
        && !address
            .contains(|character: char| character.is_whitespace() || "<>,;".contains(character));
    if is_address && !text.contains(char::is_control) {
        Ok(text.to_owned())
    } else {
        Err(format!("{} is not of the form Name <name@example.org>", quoted(text)))
    }
}
