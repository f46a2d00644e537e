//! `[kafka]`: where events are published for other services.

use std::path::PathBuf;
use std::time::Duration;

use secrecy::SecretString;
use url::Url;

use super::Security;
use super::kafka_commands::Commands;
use super::reader::Reader;
use super::urls::is_local;
use super::written::quoted;

const BROKERS: &str = "kafka.brokers";
const USERNAME: &str = "kafka.username";
const PASSWORD: &str = "kafka.password";
const KEY_FILE: &str = "kafka.key_file";
const CERTIFICATE_FILE: &str = "kafka.certificate_file";

#[derive(Clone, Debug)]
pub struct Kafka {
    /// `host:port` each; none: events stay in the database.
    pub brokers: Vec<String>,
    pub tls: bool,
    /// Whom to trust; the system's certificates when there is none.
    pub ca_file: Option<PathBuf>,
    /// The certificate and the key by which brokers know us.
    pub identity: Option<(PathBuf, PathBuf)>,
    pub mechanism: Option<Mechanism>,
    pub username: Option<String>,
    pub password: Option<SecretString>,
    pub timeout: Duration,
    pub topics: Topics,
    pub commands: Commands,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mechanism {
    Plain,
    ScramSha256,
    ScramSha512,
}

/// What is written, where and how.
#[derive(Clone, Debug)]
pub struct Topics {
    pub events: String,
    /// None: the newest state of accounts is not published.
    pub state: Option<String>,
    /// The whole event in the value, instead of its attributes in headers.
    pub is_structured: bool,
    /// Whether topics that are missing are made.
    pub create: bool,
    pub partitions: i32,
    /// None: as the brokers are set.
    pub replication: Option<i32>,
}

impl Kafka {
    pub(super) fn read(reader: &mut Reader, security: &Security) -> Self {
        let mechanisms = [
            ("", None),
            ("PLAIN", Some(Mechanism::Plain)),
            ("SCRAM-SHA-256", Some(Mechanism::ScramSha256)),
            ("SCRAM-SHA-512", Some(Mechanism::ScramSha512)),
        ];
        let brokers = reader.list(BROKERS, "host:port", broker);
        let tls = reader.boolean("kafka.tls");
        let file = |text: &str| Ok(PathBuf::from(text));
        let ca_file = reader.optional_parsed("kafka.ca_file", "path", file);
        let identity = reader.optional_files(CERTIFICATE_FILE, KEY_FILE);
        let kafka = Self {
            brokers,
            tls,
            ca_file,
            identity: identity.map(|[certificate, key]| (certificate, key)),
            mechanism: reader.choice("kafka.sasl_mechanism", &mechanisms),
            username: reader.optional_parsed(USERNAME, "text", |text| Ok(text.to_owned())),
            password: reader.secret(PASSWORD),
            timeout: reader
                .duration("kafka.timeout", Duration::from_secs(1)..=Duration::from_mins(1)),
            topics: Topics::read(reader),
            commands: Commands::read(reader),
        };
        kafka.validate(reader, security);
        kafka
    }

    fn validate(&self, reader: &mut Reader, security: &Security) {
        if !self.brokers.is_empty() && !cfg!(feature = "kafka") {
            reader.refuse(BROKERS, "this program was built without Kafka");
        }
        self.tell_topics_apart(reader);
        let is_exposed = !self.tls && !self.brokers.iter().all(|broker| is_near(broker));
        if is_exposed && !security.allow_plain_connections {
            reader.refuse_in_production(
                BROKERS,
                "leads over a network without TLS: set kafka.tls = true, or set \
                 security.allow_plain_connections = true",
            );
        }
        if self.brokers.is_empty() && self.commands.topic.is_some() {
            reader.refuse(BROKERS, "must be set with kafka.commands_topic");
        }
        let files = self.ca_file.is_some() || self.identity.is_some();
        if files && !self.tls {
            reader.refuse("kafka.tls", "must be true with kafka.ca_file or kafka.certificate_file");
        }
        if self.mechanism.is_some() {
            if self.username.is_none() {
                reader.refuse(USERNAME, "must be set with kafka.sasl_mechanism");
            }
            if self.password.is_none() {
                reader.refuse(PASSWORD, "must be set with kafka.sasl_mechanism");
            }
        } else if self.username.is_some() || self.password.is_some() {
            reader.refuse("kafka.sasl_mechanism", "must be set with kafka.username");
        }
    }
}

impl Kafka {
    /// Two streams with one topic would fence each other; events are no commands.
    fn tell_topics_apart(&self, reader: &mut Reader) {
        let used = [
            ("kafka.events_topic", Some(&self.topics.events)),
            ("kafka.state_topic", self.topics.state.as_ref()),
            ("kafka.commands_topic", self.commands.topic.as_ref()),
            ("kafka.commands_dead_letter_topic", Some(&self.commands.dead_letters)),
        ];
        for (at, (key, topic)) in used.iter().enumerate() {
            let same = used[..at].iter().find(|(_, other)| topic.is_some() && other == topic);
            if let Some((other, _)) = same {
                reader.refuse(key, format!("must not be the topic of {other}"));
            }
        }
    }
}

impl Topics {
    fn read(reader: &mut Reader) -> Self {
        let modes = [("binary", false), ("structured", true)];
        Self {
            events: reader.parsed("kafka.events_topic", "name of a topic", topic),
            state: reader.optional_parsed("kafka.state_topic", "name of a topic", topic),
            is_structured: reader.choice("kafka.content_mode", &modes),
            create: reader.boolean("kafka.create_topics"),
            partitions: reader.integer("kafka.partitions", 1..=10_000),
            replication: reader.optional_integer("kafka.replication_factor", 1..=100),
        }
    }
}

fn is_near(broker: &str) -> bool {
    Url::parse(&format!("kafka://{broker}")).is_ok_and(|url| is_local(&url))
}

/// What Kafka takes for one.
pub(super) fn topic(text: &str) -> Result<String, String> {
    let is_part = |character: char| character.is_ascii_alphanumeric() || "._-".contains(character);
    let is_topic =
        (1..=249).contains(&text.len()) && text.chars().all(is_part) && !matches!(text, "." | "..");
    let wrong = || format!("{} is not 1 to 249 of a-z, A-Z, 0-9, ., _ and -", quoted(text));
    is_topic.then(|| text.to_owned()).ok_or_else(wrong)
}

fn broker(text: &str) -> Result<String, String> {
    let is_broker = text.rsplit_once(':').is_some_and(|(host, port)| {
        !host.is_empty() && !host.contains(['/', '@']) && port.parse::<u16>().is_ok()
    });
    // What holds an @ may hold a password.
    match is_broker {
        true => Ok(text.to_owned()),
        false if text.contains('@') => Err("must be host:port without a user name".to_owned()),
        false => Err(format!("{} is not host:port", quoted(text))),
    }
}
