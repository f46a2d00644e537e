//! What this process remembers so that the hot path asks nobody (docs/decisions/0015).
//!
//! Only good news is kept: that a signature fits, that a session lives. Whatever would be refused
//! is asked of the database. What is remembered of an account is worth nothing as soon as the log
//! tells of a change in it, or when nobody has followed the log for a moment.

mod epochs;
mod follow;
mod held;
mod settings;
mod spread;
mod standings;
mod trust;
mod verified;

use std::sync::Arc;
use std::time::Duration;

use domain::UserId;
use tokio::sync::{broadcast, watch};

pub(crate) use self::epochs::Epoch;
use self::epochs::Epochs;
pub use self::follow::{Follower, follow};
pub use self::settings::{CacheSettings, WhenDatabaseIsDown};
pub use self::spread::spread;
pub(crate) use self::standings::Standing;
use self::standings::Standings;
use self::trust::Trust;
pub(crate) use self::verified::RememberedToken;
use self::verified::VerifiedTokens;

/// Bounded, and shared by every request.
pub(crate) struct Cache {
    epochs: Epochs,
    trust: Trust,
    pub(crate) standings: Standings,
    pub(crate) tokens: VerifiedTokens,
    when_database_is_down: WhenDatabaseIsDown,
    /// Wakes whoever waits for some account to change.
    news: watch::Sender<()>,
    /// The accounts that changed here, for whoever tells others.
    changes: broadcast::Sender<Arc<[UserId]>>,
}

/// Changes that wait to be told; beyond these the oldest are left out.
const MOST_UNTOLD: usize = 1024;

impl Cache {
    pub(crate) fn new(settings: CacheSettings, longest_access_life: Duration) -> Arc<Self> {
        // A token is a fraction of an account, and an account has several in its life.
        let (tokens, standings) = (settings.max_bytes / 4, settings.max_bytes / 4 * 3);
        Arc::new(Self {
            epochs: Epochs::new(),
            trust: Trust::new(),
            standings: Standings::new(standings, longest_access_life),
            tokens: VerifiedTokens::new(tokens),
            when_database_is_down: settings.when_database_is_down,
            news: watch::Sender::default(),
            changes: broadcast::Sender::new(MOST_UNTOLD),
        })
    }

    /// To be taken before the database is read: what changes from then on makes it worthless.
    pub(crate) fn epoch(&self, user: UserId) -> Epoch {
        self.epochs.of(user)
    }

    /// Whether nothing that we know of changed in the account since `epoch`.
    pub(crate) fn is_current(&self, user: UserId, epoch: Epoch) -> bool {
        self.epochs.of(user) == epoch
    }

    /// Whether we know of everything that was committed more than a second ago.
    pub(crate) fn is_trusted(&self) -> bool {
        self.trust.holds()
    }

    /// What changes here from now on.
    fn changes(&self) -> broadcast::Receiver<Arc<[UserId]>> {
        self.changes.subscribe()
    }

    /// Nothing that is remembered of these accounts is believed any more.
    fn forget(&self, users: &[UserId]) {
        for user in users {
            self.epochs.advance(*user);
        }
        self.news.send_replace(());
    }

    /// As [`Self::forget`], of whatever account.
    fn forget_all(&self) {
        self.epochs.advance_all();
        self.news.send_replace(());
    }

    /// Marked as changed when something changed in some account, here or elsewhere.
    pub(crate) fn news(&self) -> watch::Receiver<()> {
        self.news.subscribe()
    }

    /// Whether reading goes on with what is remembered while the database is away.
    pub(crate) fn serves_without_database(&self) -> bool {
        self.when_database_is_down == WhenDatabaseIsDown::Relaxed
    }

    /// Something of this process changed these accounts, or may have.
    pub(crate) fn changed(&self, users: &[UserId]) {
        self.forget(users);
        // Fails when nobody tells others, which is as well.
        drop(self.changes.send(users.into()));
    }

    /// The same of any account. Other instances find it in the database, by the number that they
    /// follow.
    pub(crate) fn all_changed(&self) {
        self.forget_all();
    }
}
