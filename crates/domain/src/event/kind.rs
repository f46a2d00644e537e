//! The catalogue: every kind of event, when it is told, and which fields its data has. The schemas
//! and the reference are made from it.

use super::data::{
    FAILURES, FIELDS, Field, KEPT_SESSION, NEW_DEVICE, PURGE_AT, REASON, ROLE, SESSION, UNTIL,
};

macro_rules! event_kinds {
    ($($kind:ident = $name:literal [$($field:ident),*] $about:literal;)+) => {
        /// A kind of event. The names are stored and told; what one means never changes: a change
        /// is another name, with the next version at its end.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum EventKind { $($kind),+ }

        impl EventKind {
            pub const ALL: &'static [Self] = &[$(Self::$kind),+];
            pub const NAMES: &'static [&'static str] = &[$($name),+];

            /// The `type` attribute of `CloudEvents` 1.0.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$kind => $name),+ }
            }

            /// When it is told.
            pub const fn about(self) -> &'static str {
                match self { $(Self::$kind => $about),+ }
            }

            /// What its data has.
            pub const fn fields(self) -> &'static [Field] {
                match self { $(Self::$kind => &[$($field),*]),+ }
            }

            pub fn parse(text: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|kind| kind.name() == text)
            }
        }
    };
}

event_kinds! {
    UserRegistered = "vestibule.user.registered.v1" []
        "An account was made: by its owner, an administrator or the operator.";
    UserSignedIn = "vestibule.user.signed_in.v1" [SESSION, NEW_DEVICE]
        "Somebody signed in; a session began.";
    SignInFailed = "vestibule.user.sign_in_failed.v1" [FAILURES]
        "A password was wrong; told at most once a minute, with how many it were.";
    SignedInAfterFailures = "vestibule.user.signed_in_after_failures.v1" [SESSION, FAILURES]
        "Somebody signed in on a device that is not known, after failures that may have been \
         somebody else's.";
    PasswordDisabled = "vestibule.user.password_disabled.v1" []
        "So many passwords were wrong that none is right any more until one is set anew.";
    UserSignedOut = "vestibule.user.signed_out.v1" [SESSION]
        "Somebody signed out; the session is over.";
    SessionRevoked = "vestibule.session.revoked.v1" [SESSION, REASON]
        "One session was ended, other than by signing out. What ends by another event, such as a block or a new password, is not told beside it.";
    SessionsRevoked = "vestibule.user.sessions_revoked.v1" [REASON, KEPT_SESSION]
        "Every session of the account was ended, or every one but one. What ends by another event, such as a block or a new password, is not told beside it.";
    RefreshReplayed = "vestibule.session.refresh_replayed.v1" [SESSION]
        "A refresh token that was spent came again: somebody holds a copy. The session is over.";
    ProfileUpdated = "vestibule.user.profile_updated.v1" [FIELDS]
        "Fields of the account changed.";
    EmailChangeRequested = "vestibule.user.email_change_requested.v1" []
        "Another e-mail address was asked for; it is the account's once it is verified.";
    EmailChanged = "vestibule.user.email_changed.v1" []
        "The account has another e-mail address.";
    EmailVerified = "vestibule.user.email_verified.v1" []
        "The e-mail address is known to be the owner's. By whom says the actor: its owner, or an \
         administrator who vouches for it.";
    PhoneVerified = "vestibule.user.phone_verified.v1" []
        "The phone number is known to be the owner's.";
    PasswordChanged = "vestibule.user.password_changed.v1" []
        "The account has another password.";
    RoleGranted = "vestibule.user.role_granted.v1" [ROLE]
        "The account has one role more.";
    RoleRevoked = "vestibule.user.role_revoked.v1" [ROLE]
        "The account has one role less.";
    PermissionsChanged = "vestibule.user.permissions_changed.v1" [ROLE]
        "What a role of the account permits changed.";
    UserBlocked = "vestibule.user.blocked.v1" [UNTIL]
        "The account was blocked.";
    UserUnblocked = "vestibule.user.unblocked.v1" []
        "The account is not blocked any more.";
    UserDeleted = "vestibule.user.deleted.v1" [PURGE_AT]
        "The account was deleted. It can be restored for a while.";
    UserRestored = "vestibule.user.restored.v1" []
        "The account is there again.";
    UserPurged = "vestibule.user.purged.v1" []
        "Personal data of the account was erased for good.";
}
