//! What people call the accounts that are named.

use std::collections::HashMap;

use domain::{Refusal, UserId};
use operations::accounts::find_by_id;
use operations::{Error, Services};
use uuid::Uuid;

use crate::cli::outcome::Outcome;
use crate::cli::target::name_of;

/// Each is asked for once.
pub(in crate::cli) struct Names(HashMap<Uuid, String>);

impl Names {
    pub(in crate::cli) async fn of(
        services: &Services,
        ids: impl Iterator<Item = Uuid>,
    ) -> Outcome<Self> {
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

    pub(in crate::cli) fn name(&self, id: Uuid) -> String {
        self.0.get(&id).cloned().unwrap_or_else(|| id.to_string())
    }
}
