//! From settings to the ways out for mail and text messages.

use std::path::Path;
use std::str::FromStr;
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use integrations::mail::{FolderMailer, Sender, SmtpMailer, SmtpSettings, SmtpTarget};
use integrations::texts::FolderTexter;
use operations::ports::{Mailer, Texter};
use secrecy::ExposeSecret;

use crate::config::{MailTransport, Settings, SmsTransport};

pub(crate) fn mailer(settings: &Settings) -> Result<Arc<dyn Mailer>> {
    let mail = &settings.mail;
    let sender = Sender::from_str(&mail.from).context("mail.from is not a mail address")?;
    Ok(match mail.transport {
        MailTransport::Folder => Arc::new(FolderMailer::new(mail.folder.clone(), sender)),
        MailTransport::Smtp => {
            let mailer = SmtpMailer::new(smtp(settings)?, sender);
            Arc::new(mailer.context("mail.smtp_url or mail.smtp_ca_file cannot be used")?)
        }
        MailTransport::Webhook => {
            bail!("mail.transport = \"webhook\" is reserved for a later release: use smtp")
        }
    })
}

fn smtp(settings: &Settings) -> Result<SmtpSettings> {
    let smtp = &settings.mail.smtp;
    let url = smtp.url.as_ref().context("mail.smtp_url is missing")?;
    let target = SmtpTarget::from_str(url.expose_secret()).context("mail.smtp_url")?;
    let password = smtp.password.as_ref().map(|password| password.expose_secret().to_owned());
    Ok(SmtpSettings {
        target,
        credentials: smtp.username.clone().zip(password),
        authorities: authorities("mail.smtp_ca_file", smtp.ca_file.as_deref())?,
        connections: smtp.connections.unwrap_or(settings.jobs.settings.concurrency),
        hello: smtp.hello.clone(),
        patience: settings.mail.timeout,
    })
}

fn authorities(key: &str, path: Option<&Path>) -> Result<Option<Vec<u8>>> {
    let Some(path) = path else { return Ok(None) };
    let pem = std::fs::read(path);
    let pem = pem.with_context(|| format!("{key}: {} cannot be read", path.display()))?;
    Ok(Some(pem))
}

pub(crate) fn texter(settings: &Settings) -> Result<Option<Arc<dyn Texter>>> {
    Ok(match settings.sms.transport {
        SmsTransport::None => None,
        SmsTransport::Folder => Some(Arc::new(FolderTexter::new(settings.mail.folder.clone()))),
    })
}
