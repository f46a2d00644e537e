//! Which messages somebody asks for.

use std::collections::HashMap;

use domain::Email;
use http::StatusCode;

use super::entry::Entry;
use super::store::Store;

/// As many as a list shows when nobody says how many.
const SHOWN: usize = 100;

pub(super) struct Asked {
    to: Option<String>,
    limit: usize,
}

impl Asked {
    /// All, or those to one address or number.
    pub(super) fn of(
        parameters: &HashMap<String, String>,
    ) -> Result<Self, (StatusCode, &'static str)> {
        let limit = parameters.get("limit").map_or(Ok(SHOWN), |limit| limit.parse());
        let limit = limit
            .map_err(|_| (StatusCode::BAD_REQUEST, "limit is how many messages, such as 10"))?;
        let to = parameters.get("to").filter(|to| !to.is_empty());
        // A plus that nobody escaped arrives as a blank, which no address holds.
        Ok(Self { to: to.map(|to| key(&to.replace(' ', "+"))), limit })
    }

    /// The newest first.
    pub(super) fn of_store(&self, store: &Store) -> std::io::Result<Vec<Entry>> {
        store.newest(self.limit, |entry| self.to.as_ref().is_none_or(|to| key(&entry.to) == *to))
    }
}

/// Equal for every spelling of one address: mails go to domains in their ASCII form.
fn key(address: &str) -> String {
    Email::parse(address).map_or_else(|_| address.to_lowercase(), |email| email.key().to_owned())
}
