//! From settings to the ways out for mail and text messages.

use std::path::Path;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};
use integrations::Client;
#[cfg(feature = "kafka")]
use integrations::kafka::{
    KafkaCommands, KafkaSettings, KafkaStream, KafkaTls, NewTopic, SaslLogin, SaslMechanism,
};
use integrations::mail::{
    FolderMailer, Sender, SmtpMailer, SmtpSettings, SmtpTarget, WebhookMailer, WebhookSecrets,
};
use integrations::texts::{FolderTexter, GatewayTexter, LogTexter, TwilioTexter};
use integrations::webhooks::{EventWebhooks, Networks, WebhookSettings};
#[cfg(feature = "kafka")]
use operations::events::Contents;
use operations::events::Sink;
use operations::ports::{Mailer, Texter, WebhookClient};
use secrecy::ExposeSecret;
use url::Url;

#[cfg(feature = "kafka")]
use crate::config::{Kafka, Mechanism, Topics};
use crate::config::{Mail, MailTransport, Settings, SmsTransport, Webhooks};

pub(crate) fn mailer(settings: &Settings) -> Result<Arc<dyn Mailer>> {
    let mail = &settings.mail;
    let sender = Sender::from_str(&mail.from).context("mail.from is not a mail address")?;
    Ok(match mail.transport {
        MailTransport::Folder => Arc::new(FolderMailer::new(mail.folder.clone(), sender)),
        MailTransport::Smtp => {
            let mailer = SmtpMailer::new(smtp(settings)?, sender);
            Arc::new(mailer.context("mail.smtp_url or mail.smtp_ca_file cannot be used")?)
        }
        MailTransport::Webhook => Arc::new(webhook(mail)?),
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

fn webhook(mail: &Mail) -> Result<WebhookMailer> {
    let url = mail.webhook_url.as_ref().context("mail.webhook_url is missing")?;
    // Such URLs carry their secret in the path: the reason is not told.
    let url = Url::parse(url.expose_secret()).ok().context("mail.webhook_url is not a URL")?;
    let secrets = mail.webhook_secret.as_ref().context("mail.webhook_secret is missing")?;
    let secrets =
        WebhookSecrets::from_str(secrets.expose_secret()).context("mail.webhook_secret")?;
    let client = client(mail.timeout, "mail.webhook_ca_file", mail.webhook_ca_file.as_deref())?;
    Ok(WebhookMailer::new(client, url, secrets, mail.from.clone()))
}

fn client(timeout: Duration, key: &str, ca_file: Option<&Path>) -> Result<Client> {
    let authorities = authorities(key, ca_file)?;
    Client::new(timeout, authorities.as_deref()).with_context(|| format!("{key} cannot be used"))
}

fn authorities(key: &str, path: Option<&Path>) -> Result<Option<Vec<u8>>> {
    let Some(path) = path else { return Ok(None) };
    let pem = std::fs::read(path);
    let pem = pem.with_context(|| format!("{key}: {} cannot be read", path.display()))?;
    Ok(Some(pem))
}

/// The names under which it is known how far [`sinks`] are.
pub(crate) fn topics(settings: &Settings) -> Vec<&'static str> {
    if settings.kafka.brokers.is_empty() {
        return Vec::new();
    }
    let state = settings.kafka.topics.state.is_some().then_some(Sink::STATE);
    std::iter::once(Sink::EVENTS).chain(state).collect()
}

/// Who is told of every event.
#[cfg(feature = "kafka")]
pub(crate) fn sinks(settings: &Settings) -> Vec<Sink> {
    let topics = &settings.kafka.topics;
    if settings.kafka.brokers.is_empty() {
        return Vec::new();
    }
    let stream = |topic: &str, is_compacted| {
        let missing = NewTopic {
            partitions: topics.partitions,
            replication: topics.replication,
            is_compacted,
            retention: None,
        };
        let missing = topics.create.then_some(missing);
        Arc::new(KafkaStream::new(kafka(&settings.kafka), topic.to_owned(), missing))
    };
    let contents =
        if topics.is_structured { Contents::StructuredEvents } else { Contents::BinaryEvents };
    let events = Sink::topic(Sink::EVENTS, contents, stream(&topics.events, false));
    let state = topics.state.iter();
    let state = state.map(|topic| Sink::topic(Sink::STATE, Contents::State, stream(topic, true)));
    std::iter::once(events).chain(state).collect()
}

/// The configuration refuses brokers in a program that was built without Kafka.
#[cfg(not(feature = "kafka"))]
pub(crate) fn sinks(_: &Settings) -> Vec<Sink> {
    Vec::new()
}

#[cfg(feature = "kafka")]
pub(crate) fn kafka(kafka: &Kafka) -> KafkaSettings {
    let password = kafka.password.as_ref().map(|password| password.expose_secret().to_owned());
    let user = kafka.username.clone().zip(password);
    let login = kafka.mechanism.zip(user).map(|(mechanism, (username, password))| SaslLogin {
        mechanism: match mechanism {
            Mechanism::Plain => SaslMechanism::Plain,
            Mechanism::ScramSha256 => SaslMechanism::ScramSha256,
            Mechanism::ScramSha512 => SaslMechanism::ScramSha512,
        },
        username,
        password,
    });
    KafkaSettings {
        brokers: kafka.brokers.clone(),
        tls: kafka
            .tls
            .then(|| KafkaTls { ca_file: kafka.ca_file.clone(), identity: kafka.identity.clone() }),
        login,
        timeout: kafka.timeout,
    }
}

pub(crate) fn webhooks(settings: &Settings) -> Result<Arc<dyn WebhookClient>> {
    let Webhooks { timeout, ca_file, allowed_networks } = &settings.webhooks;
    let client = EventWebhooks::new(WebhookSettings {
        timeout: *timeout,
        authorities: authorities("webhooks.ca_file", ca_file.as_deref())?,
        networks: Arc::new(Networks::new(allowed_networks.clone())?),
    });
    Ok(Arc::new(client.context("webhooks.ca_file cannot be used")?))
}

/// None where no commands are taken.
#[cfg(feature = "kafka")]
pub(crate) fn commands(settings: &Kafka) -> Option<KafkaCommands> {
    let Topics { create, partitions, replication, .. } = settings.topics;
    let new_topic = NewTopic { partitions, replication, is_compacted: false, retention: None };
    Some(KafkaCommands {
        settings: kafka(settings),
        topic: settings.commands.topic.clone()?,
        group: settings.commands.group.clone(),
        dead_letters: settings.commands.dead_letters.clone(),
        dead_letters_kept: settings.commands.dead_letters_kept,
        new_topic: create.then_some(new_topic),
    })
}

pub(crate) fn texter(settings: &Settings) -> Result<Option<Arc<dyn Texter>>> {
    let sms = &settings.sms;
    let client = || client(sms.timeout, "sms.ca_file", sms.ca_file.as_deref());
    Ok(Some(match sms.transport {
        SmsTransport::None => return Ok(None),
        SmsTransport::Folder => Arc::new(FolderTexter::new(settings.mail.folder.clone())),
        SmsTransport::Log => Arc::new(LogTexter),
        SmsTransport::Gateway => {
            let gateway = sms.gateway.settings(sms.from.as_deref());
            let gateway = gateway.context("sms.gateway_url is missing")?;
            Arc::new(GatewayTexter::new(client()?, gateway))
        }
        SmsTransport::Twilio => {
            let twilio = sms.twilio.settings(sms.from.as_deref());
            let twilio = twilio.context("a setting sms.twilio_… is missing")?;
            Arc::new(TwilioTexter::new(client()?, twilio))
        }
    }))
}
