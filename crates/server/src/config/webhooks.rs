//! `[webhooks]`: where events may be sent.

use std::path::PathBuf;
use std::time::Duration;

use ipnet::IpNet;

use super::reader::Reader;
use super::written::quoted;

#[derive(Clone, Debug)]
pub struct Webhooks {
    /// How long whoever is sent an event may take to answer.
    pub timeout: Duration,
    /// Whom to trust beside those the system trusts.
    pub ca_file: Option<PathBuf>,
    /// Addresses that are not public and may be sent events all the same.
    pub allowed_networks: Vec<IpNet>,
}

impl Webhooks {
    pub(super) fn read(reader: &mut Reader) -> Self {
        let range = Duration::from_secs(1)..=Duration::from_mins(1);
        Self {
            timeout: reader.duration("webhooks.timeout", range),
            ca_file: reader
                .optional_parsed("webhooks.ca_file", "path", |text| Ok(PathBuf::from(text))),
            allowed_networks: reader.list("webhooks.allowed_networks", "network", network),
        }
    }
}

fn network(text: &str) -> Result<IpNet, String> {
    text.parse().map_err(|_| format!("{} is not a network such as 10.1.0.0/16", quoted(text)))
}
