//! What people call the accounts of a page.

use std::collections::HashMap;

use domain::{Refusal, UserId};
use operations::accounts::find_by_id;
use operations::audit::Entry;
use operations::{Error, Services};
use uuid::Uuid;

use crate::cli::outcome::Outcome;
use crate::cli::target::name_of;

/// Each is asked for once.
pub(super) struct Names(HashMap<Uuid, String>);

impl Names {
    pub(super) async fn of(services: &Services, entries: &[Entry]) -> Outcome<Self> {
        let actors = entries.iter().filter(|entry| entry.actor == "user");
        let ids = actors.filter_map(|entry| entry.actor_id);
        let ids = ids.chain(entries.iter().filter_map(|entry| Some(entry.target?.0)));
        let mut names = HashMap::new();
        for id in ids {
            if names.contains_key(&id) {
                continue;
            }
            let name = match find_by_id(services, UserId(id)).await {
                Ok(user) => name_of(&user),
                Err(Error::Refused(Refusal::UserNotFound)) => id.to_string(),
                Err(error) => return Err(error.into()),
            };
            names.insert(id, name);
        }
        Ok(Self(names))
    }

    pub(super) fn name(&self, id: Uuid) -> String {
        self.0.get(&id).cloned().unwrap_or_else(|| id.to_string())
    }
}
