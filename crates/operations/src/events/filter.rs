//! Which events somebody wants to hear of.

use domain::UserId;
use domain::event::EventKind;
use storage::event_log::Logged;

/// All of them, unless something is named.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EventFilter {
    pub user: Option<UserId>,
    pub kinds: Vec<EventKind>,
}

impl EventFilter {
    /// Whether an event of the user is wanted.
    pub(super) fn takes(&self, event: &Logged) -> bool {
        self.kinds.is_empty() || self.kinds.iter().any(|kind| kind.name() == event.name)
    }
}
