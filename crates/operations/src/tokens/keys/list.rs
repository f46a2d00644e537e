//! Which keys there are, and what each is good for.

use domain::{KeyId, Timestamp};
use storage::signing_keys::{self, StoredKey};

use crate::error::Result;
use crate::services::Services;
use crate::tokens::keyring::{REFRESH, Standing, accepted_until, secret_of, signing_at};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyInfo {
    pub id: KeyId,
    /// What it makes: `access_token` (and signed refresh tokens), `refresh_token`, or the tokens of a
    /// dialect with a secret of its own, such as `tokens_of_djoser`.
    pub purpose: String,
    pub algorithm: String,
    pub created_at: Timestamp,
    pub active_from: Timestamp,
    pub state: KeyState,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyState {
    /// Published; signs from `active_from` on.
    Next,
    Signing,
    /// Another signs; what this one signed is accepted until then.
    Accepted {
        until: Timestamp,
    },
    /// Nothing that it signed lives any more, or the settings do not name its secret.
    Over,
    Retired {
        at: Timestamp,
    },
}

impl KeyState {
    /// All that [`as_str`](Self::as_str) may answer.
    pub(super) const NAMES: [&'static str; 5] = {
        let sometime = Timestamp::from_micros(0);
        [
            Self::Next.as_str(),
            Self::Signing.as_str(),
            Self::Accepted { until: sometime }.as_str(),
            Self::Over.as_str(),
            Self::Retired { at: sometime }.as_str(),
        ]
    };

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Next => "next",
            Self::Signing => "signing",
            Self::Accepted { .. } => "accepted",
            Self::Over => "over",
            Self::Retired { .. } => "retired",
        }
    }
}

/// Those that sign first, each purpose with the oldest first.
pub async fn list_keys(services: &Services) -> Result<Vec<KeyInfo>> {
    let stored = signing_keys::list(&mut services.store.read().await?).await?;
    Ok(stored.iter().map(|key| describe(services, &stored, key)).collect())
}

pub(super) fn describe(services: &Services, stored: &[StoredKey], key: &StoredKey) -> KeyInfo {
    KeyInfo {
        id: key.id,
        purpose: key.purpose.clone(),
        algorithm: key.algorithm.clone(),
        created_at: key.created_at,
        active_from: key.active_from,
        state: state(services, stored, key),
    }
}

fn state(services: &Services, stored: &[StoredKey], key: &StoredKey) -> KeyState {
    let now = services.clock.now();
    if let Some(at) = key.retired_at {
        return KeyState::Retired { at };
    }
    let settings = &services.keys.settings;
    if let Some(surface) = secret_of(&key.purpose) {
        let shared = settings.secret_of(surface);
        return match shared.and_then(|shared| shared.standing(stored, key)) {
            Some(Standing::Signing) => KeyState::Signing,
            Some(Standing::AcceptedUntil(until)) if now < until => KeyState::Accepted { until },
            Some(Standing::AcceptedUntil(_)) | None => KeyState::Over,
        };
    }
    let signing = signing_at(stored, settings, now);
    if key.purpose == REFRESH || signing.is_some_and(|signing| signing.id == key.id) {
        return KeyState::Signing;
    }
    match accepted_until(stored, key) {
        Some(until) if until <= now => KeyState::Over,
        _ if now < key.active_from => KeyState::Next,
        Some(until) => KeyState::Accepted { until },
        // The newest, but made under other settings than ours.
        None => KeyState::Signing,
    }
}
