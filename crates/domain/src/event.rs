//! Facts that the platform is told.
//!
//! Past tense, no secrets, no personal values: consumers that need values ask for them.

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
    /// The `type` attribute of `CloudEvents` 1.0.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::UserRegistered => "vestibule.user.registered.v1",
            Self::SignInFailed { .. } => "vestibule.user.sign_in_failed.v1",
            Self::PasswordDisabled => "vestibule.user.password_disabled.v1",
            Self::SignedInAfterFailures { .. } => "vestibule.user.signed_in_after_failures.v1",
            Self::UserSignedIn { .. } => "vestibule.user.signed_in.v1",
            Self::UserSignedOut { .. } => "vestibule.user.signed_out.v1",
            Self::SessionRevoked { .. } => "vestibule.session.revoked.v1",
            Self::SessionsRevoked { .. } => "vestibule.user.sessions_revoked.v1",
            Self::RefreshReplayed { .. } => "vestibule.session.refresh_replayed.v1",
            Self::ProfileUpdated { .. } => "vestibule.user.profile_updated.v1",
            Self::EmailChangeRequested => "vestibule.user.email_change_requested.v1",
            Self::EmailChanged => "vestibule.user.email_changed.v1",
            Self::EmailVerified => "vestibule.user.email_verified.v1",
            Self::PhoneVerified => "vestibule.user.phone_verified.v1",
            Self::PasswordChanged => "vestibule.user.password_changed.v1",
            Self::RoleGranted { .. } => "vestibule.user.role_granted.v1",
            Self::RoleRevoked { .. } => "vestibule.user.role_revoked.v1",
            Self::PermissionsChanged { .. } => "vestibule.user.permissions_changed.v1",
            Self::UserBlocked { .. } => "vestibule.user.blocked.v1",
            Self::UserUnblocked => "vestibule.user.unblocked.v1",
            Self::UserDeleted { .. } => "vestibule.user.deleted.v1",
            Self::UserRestored => "vestibule.user.restored.v1",
            Self::UserPurged => "vestibule.user.purged.v1",
        }
    }
}
