//! Facts that the platform is told.
//!
//! Past tense, no secrets, no personal values: consumers that need values ask for them.

mod data;
mod kind;

pub use data::{Datum, Field, Shape};
pub use kind::EventKind;

use crate::ids::SessionId;
use crate::role::RoleName;
use crate::session::EndReason;
use crate::time::Timestamp;

/// What happened to an account. One per committed change of state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    UserRegistered,
    /// A password was wrong; told at most once a minute.
    SignInFailed {
        failures: i64,
    },
    /// So many wrong ones that no password is right any more until one is set anew.
    PasswordDisabled,
    UserSignedIn {
        session: SessionId,
        /// It came from something that the account was not seen with lately.
        is_new_device: bool,
    },
    /// On a device that is not known, after failures that may have been somebody else's.
    SignedInAfterFailures {
        session: SessionId,
        failures: i64,
    },
    UserSignedOut {
        session: SessionId,
    },
    SessionRevoked {
        session: SessionId,
        reason: EndReason,
    },
    /// Every session, or every one but `kept`.
    SessionsRevoked {
        reason: EndReason,
        kept: Option<SessionId>,
    },
    RefreshReplayed {
        session: SessionId,
    },
    ProfileUpdated {
        fields: Vec<&'static str>,
    },
    EmailChangeRequested,
    EmailChanged,
    /// By whom says the actor: its owner, or an administrator who vouches for it.
    EmailVerified,
    PhoneVerified,
    PasswordChanged,
    RoleGranted {
        role: RoleName,
    },
    RoleRevoked {
        role: RoleName,
    },
    /// What a role of the account permits changed.
    PermissionsChanged {
        role: RoleName,
    },
    UserBlocked {
        until: Option<Timestamp>,
    },
    UserUnblocked,
    UserDeleted {
        purge_at: Option<Timestamp>,
    },
    UserRestored,
    UserPurged,
}

impl Event {
    /// Under what the catalogue has it.
    pub const fn kind(&self) -> EventKind {
        match self {
            Self::UserRegistered => EventKind::UserRegistered,
            Self::SignInFailed { .. } => EventKind::SignInFailed,
            Self::PasswordDisabled => EventKind::PasswordDisabled,
            Self::SignedInAfterFailures { .. } => EventKind::SignedInAfterFailures,
            Self::UserSignedIn { .. } => EventKind::UserSignedIn,
            Self::UserSignedOut { .. } => EventKind::UserSignedOut,
            Self::SessionRevoked { .. } => EventKind::SessionRevoked,
            Self::SessionsRevoked { .. } => EventKind::SessionsRevoked,
            Self::RefreshReplayed { .. } => EventKind::RefreshReplayed,
            Self::ProfileUpdated { .. } => EventKind::ProfileUpdated,
            Self::EmailChangeRequested => EventKind::EmailChangeRequested,
            Self::EmailChanged => EventKind::EmailChanged,
            Self::EmailVerified => EventKind::EmailVerified,
            Self::PhoneVerified => EventKind::PhoneVerified,
            Self::PasswordChanged => EventKind::PasswordChanged,
            Self::RoleGranted { .. } => EventKind::RoleGranted,
            Self::RoleRevoked { .. } => EventKind::RoleRevoked,
            Self::PermissionsChanged { .. } => EventKind::PermissionsChanged,
            Self::UserBlocked { .. } => EventKind::UserBlocked,
            Self::UserUnblocked => EventKind::UserUnblocked,
            Self::UserDeleted { .. } => EventKind::UserDeleted,
            Self::UserRestored => EventKind::UserRestored,
            Self::UserPurged => EventKind::UserPurged,
        }
    }

    /// The `type` attribute of `CloudEvents` 1.0.
    pub const fn name(&self) -> &'static str {
        self.kind().name()
    }
}
