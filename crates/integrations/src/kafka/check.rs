//! Whether brokers answer, and as whom they know us.

use std::time::Duration;

use rdkafka::consumer::{BaseConsumer, Consumer, ConsumerContext};
use rdkafka::error::KafkaError;
use rdkafka::types::RDKafkaErrorCode;

use super::heard::Heard;
use super::settings::KafkaSettings;

impl ConsumerContext for Heard {}

/// What a client may have to say meanwhile.
const MOST_SAID: usize = 100;

/// Who answers.
#[derive(Debug)]
pub struct Brokers {
    pub count: usize,
    /// That we may see.
    pub topics: Vec<String>,
}

impl KafkaSettings {
    /// Asks for the brokers and the topics; says which there are, or why nobody answers.
    pub async fn check(&self) -> Result<Brokers, String> {
        let settings = self.clone();
        // The client has threads of its own and waits where it is asked.
        let asked = tokio::task::spawn_blocking(move || settings.ask());
        asked.await.map_err(|error| error.to_string())?
    }

    fn ask(&self) -> Result<Brokers, String> {
        let mut config = self.client();
        config.set("group.id", "vestibule-check");
        Heard::listen(&mut config);
        let client: BaseConsumer<Heard> =
            config.create_with_context(Heard::default()).map_err(|error| explain(&error))?;
        let metadata = client.fetch_metadata(None, self.timeout).map_err(|error| {
            // What it has to say waits until somebody asks.
            for _ in 0..MOST_SAID {
                drop(client.poll(Duration::ZERO));
            }
            client.context().explain(&error)
        })?;
        let names = metadata.topics().iter().map(|topic| topic.name().to_owned());
        Ok(Brokers { count: metadata.brokers().len(), topics: names.collect() })
    }
}

/// Of every error that has one.
pub(super) fn code_of(error: &KafkaError) -> Option<RDKafkaErrorCode> {
    if let KafkaError::AdminOp(code) = error {
        return Some(*code);
    }
    error.rdkafka_error_code()
}

/// In the words of librdkafka, and what mostly is behind them.
pub(super) fn explain(error: &KafkaError) -> String {
    let code = code_of(error);
    let behind = match code {
        Some(RDKafkaErrorCode::BrokerTransportFailure | RDKafkaErrorCode::AllBrokersDown) => {
            ": not there, or it wants TLS or a user"
        }
        Some(RDKafkaErrorCode::Authentication) => ": the user or the password is wrong",
        Some(_) | None => "",
    };
    match code {
        Some(code) => format!("{code}{behind}"),
        None => error.to_string(),
    }
}
