//! Who of those that were told of the log still is.

use std::collections::HashMap;

use domain::Timestamp;
use storage::event_cursors::{self, Cursor};
use storage::{Read, webhook_endpoints};

use crate::webhooks::{BY_HAND, sink_name};

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Events are sent.
    Active,
    /// A webhook that is paused.
    Paused { since: Timestamp, because: String },
    /// A topic that is not in the settings.
    Unset,
}

impl Standing {
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Paused { .. } => "paused",
            Self::Unset => "unset",
        }
    }

    /// Whether nobody asked for the pause.
    pub fn is_given_up(&self) -> bool {
        matches!(self, Self::Paused { because, .. } if because != BY_HAND)
    }
}

/// Everybody whose place in the log is known, by name; `topics` are those of the settings.
pub async fn standings(
    read: &mut Read,
    topics: &[&str],
) -> Result<Vec<(Cursor, Standing)>, storage::Error> {
    // In this order: what is made in between is in neither.
    let cursors = event_cursors::all(read).await?.into_iter();
    let webhooks = webhook_endpoints::list(read).await?.into_iter();
    let mut webhooks: HashMap<String, Standing> = webhooks
        .map(|webhook| {
            let standing = webhook
                .paused
                .map_or(Standing::Active, |(since, because)| Standing::Paused { since, because });
            (sink_name(webhook.id), standing)
        })
        .collect();
    Ok(cursors
        .map(|cursor| {
            let is_topic = topics.contains(&&*cursor.sink);
            let unless_webhook = if is_topic { Standing::Active } else { Standing::Unset };
            let standing = webhooks.remove(&cursor.sink).unwrap_or(unless_webhook);
            (cursor, standing)
        })
        .collect())
}
