//! Counters that say whether something remembered may still be believed.
//!
//! To forget an account is to count on, whatever is remembered of it and whoever is just reading
//! it: what was read under an older count is not believed, even when it is stored afterwards.

use std::sync::atomic::{AtomicU64, Ordering};

use domain::UserId;

/// Accounts share counters: a change in one makes some others be read again, which is harmless.
const COUNTERS: usize = 1 << 16;

/// How often an account, or one that shares its counter, had changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Epoch(u64);

pub(super) struct Epochs {
    of_accounts: Box<[AtomicU64]>,
    of_all: AtomicU64,
}

impl Epochs {
    pub(super) fn new() -> Self {
        let of_accounts = std::iter::repeat_with(AtomicU64::default).take(COUNTERS).collect();
        Self { of_accounts, of_all: AtomicU64::default() }
    }

    /// Both counters only grow, so their sum is another one after either did.
    pub(super) fn of(&self, user: UserId) -> Epoch {
        let of_all = self.of_all.load(Ordering::SeqCst);
        Epoch(of_all + self.counter(user).load(Ordering::SeqCst))
    }

    pub(super) fn advance(&self, user: UserId) {
        self.counter(user).fetch_add(1, Ordering::SeqCst);
    }

    pub(super) fn advance_all(&self) {
        self.of_all.fetch_add(1, Ordering::SeqCst);
    }

    /// By the last bytes of the id, which are its random ones.
    fn counter(&self, user: UserId) -> &AtomicU64 {
        let [.., high, low] = *user.0.as_bytes();
        let index = usize::from(u16::from_be_bytes([high, low]));
        &self.of_accounts[index % COUNTERS]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_is_forgotten_alone_or_with_all() {
        let user = |last: u8| UserId(uuid::Uuid::from_bytes([last; 16]));
        let epochs = Epochs::new();
        let (ann, bob) = (epochs.of(user(1)), epochs.of(user(2)));
        epochs.advance(user(1));
        assert_ne!(epochs.of(user(1)), ann);
        assert_eq!(epochs.of(user(2)), bob);
        let ann = epochs.of(user(1));
        epochs.advance_all();
        assert_ne!(epochs.of(user(1)), ann);
        assert_ne!(epochs.of(user(2)), bob);
    }
}
