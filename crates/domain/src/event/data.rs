//! What events say beside of whom they are: ids and names, never personal values.

use uuid::Uuid;

use super::Event;
use crate::time::Timestamp;

/// What a field of the data can hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    Id,
    Count,
    Flag,
    /// A word of ours. Others may be added.
    Name,
    Names,
    /// A time, or null where there is none.
    Moment,
}

/// A field of the data, as the catalogue describes it.
#[derive(Debug, PartialEq, Eq)]
pub struct Field {
    pub name: &'static str,
    pub shape: Shape,
    /// Whether every event of the kind has it.
    pub is_required: bool,
    pub about: &'static str,
}

/// What a field of one event holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Datum<'e> {
    Id(Uuid),
    Count(i64),
    Flag(bool),
    Name(&'e str),
    Names(&'e [&'static str]),
    Moment(Option<Timestamp>),
}

impl Datum<'_> {
    pub const fn shape(&self) -> Shape {
        match self {
            Self::Id(_) => Shape::Id,
            Self::Count(_) => Shape::Count,
            Self::Flag(_) => Shape::Flag,
            Self::Name(_) => Shape::Name,
            Self::Names(_) => Shape::Names,
            Self::Moment(_) => Shape::Moment,
        }
    }
}

const fn field(name: &'static str, shape: Shape, about: &'static str) -> Field {
    Field { name, shape, is_required: true, about }
}

pub(super) const SESSION: Field = field("session_id", Shape::Id, "The session.");
pub(super) const KEPT_SESSION: Field = Field {
    is_required: false,
    ..field("kept_session_id", Shape::Id, "The only session that goes on, if one does.")
};
pub(super) const FAILURES: Field =
    field("failures", Shape::Count, "How many wrong passwords it were.");
pub(super) const NEW_DEVICE: Field = field(
    "new_device",
    Shape::Flag,
    "Whether the account was not seen lately with the device or network.",
);
pub(super) const REASON: Field = field(
    "reason",
    Shape::Name,
    "Why, such as `signed_out_everywhere`, `revoked_by_owner`, `revoked_by_administrator` or `evicted`.",
);
pub(super) const FIELDS: Field = field(
    "fields",
    Shape::Names,
    "The names of the fields that changed, such as `first_name`; never what stands in them.",
);
pub(super) const ROLE: Field = field("role", Shape::Name, "The name of the role.");
pub(super) const UNTIL: Field =
    field("until", Shape::Moment, "When the block ends by itself; null where it does not.");
pub(super) const PURGE_AT: Field = field(
    "purge_at",
    Shape::Moment,
    "Until when it can be restored; personal data is erased then.",
);

impl Event {
    /// The fields of the catalogue with what they hold here.
    pub fn data(&self) -> Vec<(&'static Field, Datum<'_>)> {
        match self {
            Self::UserRegistered
            | Self::EmailChangeRequested
            | Self::EmailChanged
            | Self::EmailVerified
            | Self::PhoneVerified
            | Self::PasswordChanged
            | Self::PasswordDisabled
            | Self::UserUnblocked
            | Self::UserRestored
            | Self::UserPurged => vec![],
            Self::SignInFailed { failures } => vec![(&FAILURES, Datum::Count(*failures))],
            Self::SignedInAfterFailures { session, failures } => {
                vec![(&SESSION, Datum::Id(session.0)), (&FAILURES, Datum::Count(*failures))]
            }
            Self::UserSignedIn { session, is_new_device } => {
                vec![(&SESSION, Datum::Id(session.0)), (&NEW_DEVICE, Datum::Flag(*is_new_device))]
            }
            Self::UserSignedOut { session } | Self::RefreshReplayed { session } => {
                vec![(&SESSION, Datum::Id(session.0))]
            }
            Self::SessionRevoked { session, reason } => {
                vec![(&SESSION, Datum::Id(session.0)), (&REASON, Datum::Name(reason.as_str()))]
            }
            Self::SessionsRevoked { reason, kept } => {
                let kept = kept.map(|kept| (&KEPT_SESSION, Datum::Id(kept.0)));
                let reason = (&REASON, Datum::Name(reason.as_str()));
                std::iter::once(reason).chain(kept).collect()
            }
            Self::ProfileUpdated { fields } => vec![(&FIELDS, Datum::Names(fields))],
            Self::RoleGranted { role }
            | Self::RoleRevoked { role }
            | Self::PermissionsChanged { role } => vec![(&ROLE, Datum::Name(role.as_str()))],
            Self::UserBlocked { until } => vec![(&UNTIL, Datum::Moment(*until))],
            Self::UserDeleted { purge_at } => vec![(&PURGE_AT, Datum::Moment(*purge_at))],
        }
    }
}
