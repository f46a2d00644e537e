//! Whether brokers answer, and as whom they know us.

use rdkafka::consumer::{BaseConsumer, Consumer};
use rdkafka::error::KafkaError;
use rdkafka::types::RDKafkaErrorCode;

use super::settings::KafkaSettings;

impl KafkaSettings {
    /// Asks for the brokers and the topics; says how many there are, or why nobody answers.
    pub async fn check(&self) -> Result<String, String> {
        let settings = self.clone();
        // The client has threads of its own and waits where it is asked.
        let asked = tokio::task::spawn_blocking(move || settings.ask());
        asked.await.map_err(|error| error.to_string())?
    }

    fn ask(&self) -> Result<String, String> {
        let mut config = self.client();
        config.set("group.id", "vestibule-check");
        let client: BaseConsumer = config.create().map_err(|error| explain(&error))?;
        let metadata =
            client.fetch_metadata(None, self.timeout).map_err(|error| explain(&error))?;
        let (brokers, topics) = (metadata.brokers().len(), metadata.topics().len());
        Ok(format!("{brokers} brokers answer, with {topics} topics"))
    }
}

/// In the words of librdkafka, and what mostly is behind them.
pub(super) fn explain(error: &KafkaError) -> String {
    let code = error.rdkafka_error_code();
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
