//! `[kafka]`: where events are published for other services.

use super::reader::Reader;
use super::written::quoted;

#[derive(Clone, Debug)]
pub struct Kafka {
    /// `host:port` each; none: events stay in the database.
    pub brokers: Vec<String>,
}

impl Kafka {
    pub(super) fn read(reader: &mut Reader) -> Self {
        Self { brokers: reader.list("kafka.brokers", "host:port", broker) }
    }
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
