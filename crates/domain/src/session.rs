//! A sign-in on one device.

use std::time::Duration;

use crate::ids::{SessionId, UserId};
use crate::policy::Surface;
use crate::time::Timestamp;
use crate::user::User;

/// How long the predecessor of the current refresh token answers the same successor (SES-04).
pub const RETRANSMIT_WINDOW: Duration = Duration::from_secs(10);

#[derive(Clone, PartialEq, Eq)]
pub struct Session {
    pub id: SessionId,
    pub user_id: UserId,
    pub surface: Surface,
    /// Which refresh token is the current one; 0 is the first.
    pub generation: i64,
    /// When `generation` last grew.
    pub rotated_at: Timestamp,
    /// Part of what the refresh token's MAC covers, so that no two sessions share one.
    pub refresh_secret: Vec<u8>,
    pub created_at: Timestamp,
    pub last_seen_at: Timestamp,
    /// `None` for sessions without a refresh token.
    pub idle_expires_at: Option<Timestamp>,
    pub expires_at: Timestamp,
    pub ended_at: Option<Timestamp>,
    pub address: Option<String>,
    pub agent: Option<String>,
}

/// Why a session is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EndReason {
    SignedOut,
    SignedOutEverywhere,
    /// By its owner, from another session.
    RevokedByOwner,
    RevokedByAdministrator,
    PasswordChanged,
    /// By somebody who showed that he reads what is sent to the account.
    PasswordReset,
    EmailChanged,
    AccountBlocked,
    AccountDeleted,
    RolesChanged,
    RefreshReplayed,
    /// The account opened more than it may have.
    Evicted,
    SetByOperator,
}

impl EndReason {
    /// The stable name, as sessions and events store it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SignedOut => "signed_out",
            Self::SignedOutEverywhere => "signed_out_everywhere",
            Self::RevokedByOwner => "revoked_by_owner",
            Self::RevokedByAdministrator => "revoked_by_administrator",
            Self::PasswordChanged => "password_changed",
            Self::PasswordReset => "password_reset",
            Self::EmailChanged => "email_changed",
            Self::AccountBlocked => "account_blocked",
            Self::AccountDeleted => "account_deleted",
            Self::RolesChanged => "roles_changed",
            Self::RefreshReplayed => "refresh_replayed",
            Self::Evicted => "evicted",
            Self::SetByOperator => "set_by_operator",
        }
    }
}

/// What a presented refresh token is to its session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RefreshStanding {
    /// The current one: rotate.
    Current,
    /// The one before, again within the window: answer the same successor.
    Retransmitted,
    /// Spent for good: somebody else holds a copy.
    Replayed,
    /// Never handed out: whoever made it knows how we sign.
    Unknown,
    /// The session is over, by time or by decision.
    Over,
}

impl Session {
    pub fn is_live(&self, now: Timestamp) -> bool {
        self.ended_at.is_none()
            && now < self.expires_at
            && self.idle_expires_at.is_none_or(|idle| now < idle)
    }

    /// Whether it began with a token that another service gave out before this one took over.
    pub fn is_adopted(&self) -> bool {
        self.id.is_of_digest()
    }

    /// What others could sign never serves whoever may more than everybody.
    pub fn may_serve(&self, user: &User) -> bool {
        !self.is_adopted() || user.is_mere_user()
    }

    /// When nothing of it works any more unless it is refreshed before.
    pub fn dies_at(&self) -> Timestamp {
        self.idle_expires_at.map_or(self.expires_at, |idle| idle.min(self.expires_at))
    }

    /// Judges an authentic refresh token of `generation`.
    pub fn standing(&self, generation: i64, now: Timestamp) -> RefreshStanding {
        if !self.is_live(now) {
            RefreshStanding::Over
        } else if generation == self.generation {
            RefreshStanding::Current
        } else if !(0..self.generation).contains(&generation) {
            RefreshStanding::Unknown
        } else if generation + 1 == self.generation
            && now.since(self.rotated_at) <= RETRANSMIT_WINDOW
        {
            RefreshStanding::Retransmitted
        } else {
            RefreshStanding::Replayed
        }
    }
}

impl std::fmt::Debug for Session {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Session")
            .field("id", &self.id)
            .field("user_id", &self.user_id)
            .field("generation", &self.generation)
            .finish_non_exhaustive()
    }
}
