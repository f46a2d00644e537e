//! What librdkafka tells beside its answers: it knows more of what is wrong with a connection than the error
//! that somebody gets in the end.

use std::sync::{Arc, Mutex, PoisonError};

use rdkafka::ClientConfig;
use rdkafka::client::ClientContext;
use rdkafka::config::RDKafkaLogLevel;
use rdkafka::error::KafkaError;
use rdkafka::types::RDKafkaErrorCode;

use super::check::{code_of, explain};

/// Remembers the newest reason why no broker answers, and prints nothing of its own: brokers are tried
/// several times a second. Whoever has a clone hears the same.
#[derive(Clone, Default)]
pub(super) struct Heard(Arc<Mutex<Option<String>>>);

impl Heard {
    /// A broker that wants TLS says nothing and hangs up, and librdkafka only logs what that may mean.
    pub(super) fn listen(config: &mut ClientConfig) {
        config.set("log.connection.close", "true").set_log_level(RDKafkaLogLevel::Info);
    }

    /// In place of an error that only says that nobody answered.
    pub(super) fn explain(&self, error: &KafkaError) -> String {
        let newest = self.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
        match newest {
            Some(reason) if code_of(error).is_some_and(says_little) => reason,
            Some(_) | None => explain(error),
        }
    }

    pub(super) fn hear(&self, error: &KafkaError, reason: &str) {
        tracing::debug!(reason, "librdkafka: {error}");
        // How many brokers are down is known by whoever is told why one is.
        if code_of(error) != Some(RDKafkaErrorCode::AllBrokersDown) {
            self.remember(reason);
        }
    }

    fn remember(&self, reason: &str) {
        if !reason.is_empty() {
            let mut reason = first_sentence(reason).to_owned();
            if reason.contains("isconnected") && !reason.contains("security.protocol") {
                reason.push_str(": it may want TLS or a user");
            }
            *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(reason);
        }
    }

    /// Of what was wrong nothing is any more.
    pub(super) fn forget(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

impl ClientContext for Heard {
    fn log(&self, _: RDKafkaLogLevel, facility: &str, line: &str) {
        log(facility, line);
        if facility == "FAIL" {
            // What comes before is the name of a thread.
            self.remember(line.split_once("]: ").map_or(line, |(_, reason)| reason));
        }
    }

    fn error(&self, error: KafkaError, reason: &str) {
        self.hear(&error, reason);
    }
}

/// For whoever looks for it: what goes wrong comes as an error as well.
pub(super) fn log(facility: &str, line: &str) {
    tracing::debug!(facility, "librdkafka: {line}");
}

/// That nobody answered in time, whatever the reason.
const fn says_little(code: RDKafkaErrorCode) -> bool {
    matches!(
        code,
        RDKafkaErrorCode::AllBrokersDown
            | RDKafkaErrorCode::Authentication
            | RDKafkaErrorCode::BrokerTransportFailure
            | RDKafkaErrorCode::MessageTimedOut
            | RDKafkaErrorCode::OperationTimedOut
            | RDKafkaErrorCode::RequestTimedOut
            | RDKafkaErrorCode::Resolve
            | RDKafkaErrorCode::SSL
    )
}

/// Without the times and states of librdkafka that follow it.
fn first_sentence(reason: &str) -> &str {
    let reason = reason.split_once(" (after ").map_or(reason, |(before, _)| before);
    reason.trim()
}
