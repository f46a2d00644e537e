//! Who does something, for events and the audit trail.

use uuid::Uuid;

use crate::ids::{ServiceAccountId, SourceId, UserId};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Actor {
    /// Somebody who has not proved who they are.
    Anonymous,
    User(UserId),
    /// A client that is no person.
    Service(ServiceAccountId),
    /// Another service, by a command that it signed.
    Source(SourceId),
    /// Whoever runs the command line on the server.
    Operator,
    /// A job of ours.
    System,
}

impl Actor {
    /// Every stable name.
    pub const NAMES: [&'static str; 6] =
        ["user", "service", "source", "operator", "system", "anonymous"];

    /// The stable name, as events store it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Anonymous => "anonymous",
            Self::User(_) => "user",
            Self::Service(_) => "service",
            Self::Source(_) => "source",
            Self::Operator => "operator",
            Self::System => "system",
        }
    }

    /// Which one it is, where there are several.
    pub const fn id(self) -> Option<Uuid> {
        match self {
            Self::User(id) => Some(id.0),
            Self::Service(id) => Some(id.0),
            Self::Source(id) => Some(id.0),
            Self::Anonymous | Self::Operator | Self::System => None,
        }
    }

    pub const fn user_id(self) -> Option<UserId> {
        match self {
            Self::User(id) => Some(id),
            Self::Anonymous
            | Self::Service(_)
            | Self::Source(_)
            | Self::Operator
            | Self::System => None,
        }
    }
}
