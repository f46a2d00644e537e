//! Sessions that were alive when they were last read, with their owners.

use std::sync::Arc;
use std::time::{Duration, Instant};

use domain::{Session, SessionId, User};
use moka::sync::Cache;

use super::epochs::Epoch;
use super::held::Held;

/// What no event tells, such as that an idle session was prolonged, is read again after this.
const FRESH: Duration = Duration::from_mins(1);
/// What an entry takes beside its texts.
const FRAME: usize = 1024;

/// A session with its owner, as they were in `epoch`.
#[derive(Clone)]
pub(crate) struct Standing {
    pub(crate) user: Arc<User>,
    pub(crate) session: Arc<Session>,
    pub(crate) epoch: Epoch,
    pub(crate) read_at: Instant,
}

pub(crate) struct Standings(Cache<SessionId, Standing>);

impl Standings {
    /// Kept for `longest`, which is as long as any access token lives.
    pub(super) fn new(max_bytes: u64, longest: Duration) -> Self {
        let weigh = |_: &SessionId, standing: &Standing| standing.weight();
        let cache = Cache::builder().max_capacity(max_bytes).weigher(weigh);
        Self(cache.time_to_live(longest).build())
    }

    pub(crate) fn get(&self, id: SessionId) -> Option<Standing> {
        self.0.get(&id)
    }

    pub(crate) fn keep(&self, standing: Standing) {
        self.0.insert(standing.session.id, standing);
    }

    pub(super) fn held(&self) -> Held {
        Held { entries: self.0.entry_count(), bytes: self.0.weighted_size() }
    }
}

impl Standing {
    pub(crate) fn is_fresh(&self) -> bool {
        self.read_at.elapsed() < FRESH
    }

    fn weight(&self) -> u32 {
        let profile = &self.user.profile;
        let bytes = FRAME + profile.metadata.len() + profile.first_name.len();
        u32::try_from(bytes + profile.last_name.len()).unwrap_or(u32::MAX)
    }
}
