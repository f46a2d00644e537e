//! How long somebody has something of a message.

use data_encoding::BASE64URL_NOPAD;
use domain::Timestamp;
use serde::{Deserialize, Serialize};
use storage::confirmations;

use crate::error::Result;
use crate::services::Services;

pub(crate) struct Worth {
    pub(crate) over_at: Timestamp,
    /// Until when its code is good, where it carries one: a link may be good for longer.
    pub(crate) code_until: Option<Timestamp>,
    /// What it says, where that is a code or a link.
    pub(crate) sending: Option<Sending>,
}

/// One sending of a code and a link. The next one of its kind, and their use, make them worthless.
#[derive(Serialize, Deserialize)]
pub(crate) struct Sending {
    bucket: String,
    challenge: String,
}

impl Worth {
    /// What carries neither code nor link.
    pub(crate) const fn until(over_at: Timestamp) -> Self {
        Self { over_at, code_until: None, sending: None }
    }
}

impl Sending {
    pub(super) fn new(bucket: &[u8], challenge: &[u8]) -> Self {
        let text = |bytes| BASE64URL_NOPAD.encode(bytes);
        Self { bucket: text(bucket), challenge: text(challenge) }
    }

    /// Whether its code or its link can still be used, if its time is not over.
    pub(crate) async fn is_good(&self, services: &Services) -> Result<bool> {
        let Ok(bucket) = BASE64URL_NOPAD.decode(self.bucket.as_bytes()) else { return Ok(false) };
        let mut read = services.store.read().await?;
        let found = confirmations::find(&mut read, &bucket).await?;
        Ok(found.is_some_and(|found| {
            let is_newest = BASE64URL_NOPAD.encode(&found.challenge) == self.challenge;
            is_newest && (found.code_hash.is_some() || found.link_hash.is_some())
        }))
    }
}
