//! How brokers are reached, in the words of librdkafka.

use std::path::PathBuf;
use std::time::Duration;

use rdkafka::ClientConfig;
use rdkafka::config::RDKafkaLogLevel;

/// Brokers, and how to be known and trusted there.
#[derive(Clone)]
pub struct KafkaSettings {
    /// `host:port` each, to begin with.
    pub brokers: Vec<String>,
    /// None for a connection in clear.
    pub tls: Option<KafkaTls>,
    pub login: Option<SaslLogin>,
    /// How long to wait for an answer.
    pub timeout: Duration,
}

#[derive(Clone, Debug, Default)]
pub struct KafkaTls {
    /// In PEM, trusted instead of whom the system trusts.
    pub ca_file: Option<PathBuf>,
    /// The certificate and the key by which brokers know us.
    pub identity: Option<(PathBuf, PathBuf)>,
}

#[derive(Clone)]
pub struct SaslLogin {
    pub mechanism: SaslMechanism,
    pub username: String,
    pub password: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SaslMechanism {
    Plain,
    ScramSha256,
    ScramSha512,
}

impl SaslMechanism {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Plain => "PLAIN",
            Self::ScramSha256 => "SCRAM-SHA-256",
            Self::ScramSha512 => "SCRAM-SHA-512",
        }
    }
}

impl KafkaSettings {
    /// What every client of ours begins with.
    pub(super) fn client(&self) -> ClientConfig {
        let mut config = ClientConfig::new();
        let protocol = match (&self.tls, &self.login) {
            (None, None) => "plaintext",
            (None, Some(_)) => "sasl_plaintext",
            (Some(_), None) => "ssl",
            (Some(_), Some(_)) => "sasl_ssl",
        };
        config
            .set("bootstrap.servers", self.brokers.join(","))
            .set("client.id", "vestibule")
            .set("security.protocol", protocol)
            .set("socket.timeout.ms", self.timeout.as_millis().to_string())
            .set("socket.keepalive.enable", "true")
            // A broker that comes back is found soon, one that stays away is not hammered.
            .set("reconnect.backoff.ms", "100")
            .set("reconnect.backoff.max.ms", "5000")
            // What goes wrong comes as errors, and is told once.
            .set("log.connection.close", "false")
            .set_log_level(RDKafkaLogLevel::Critical);
        let tls = self.tls.iter();
        for file in tls.clone().filter_map(|tls| tls.ca_file.as_ref()) {
            config.set("ssl.ca.location", file.display().to_string());
        }
        for (certificate, key) in tls.filter_map(|tls| tls.identity.as_ref()) {
            config.set("ssl.certificate.location", certificate.display().to_string());
            config.set("ssl.key.location", key.display().to_string());
        }
        if let Some(login) = &self.login {
            config
                .set("sasl.mechanism", login.mechanism.as_str())
                .set("sasl.username", &login.username)
                .set("sasl.password", &login.password);
        }
        config
    }
}
