//! What can be asked for.

use domain::{Permission, RoleName};

use crate::accounts::{AccountChange, BlockTerms};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CommandKind {
    Block,
    Unblock,
    Delete,
    GrantRole,
    UpdateProfile,
}

/// What is asked for, unchecked by the rules of accounts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    Block(BlockTerms),
    Unblock,
    /// As the native API deletes: restorable for a while.
    Delete,
    GrantRole(RoleName),
    /// Names, locale and metadata only.
    UpdateProfile(AccountChange),
}

impl CommandKind {
    pub const ALL: [Self; 5] =
        [Self::Block, Self::Unblock, Self::Delete, Self::GrantRole, Self::UpdateProfile];

    /// As settings, metrics and the inbox name it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Block => "user.block",
            Self::Unblock => "user.unblock",
            Self::Delete => "user.delete",
            Self::GrantRole => "user.grant-role",
            Self::UpdateProfile => "user.profile.update",
        }
    }

    /// The attribute `type` of `CloudEvents` 1.0.
    pub fn type_name(self) -> String {
        format!("vestibule.command.{}.v1", self.as_str())
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }

    pub(super) fn of_type(name: &str) -> Option<Self> {
        Self::parse(name.strip_prefix("vestibule.command.")?.strip_suffix(".v1")?)
    }

    /// What whoever asks for the same by other ways needs.
    pub(super) const fn permission(self) -> Permission {
        match self {
            Self::Block | Self::Unblock => Permission::UsersBlock,
            Self::Delete => Permission::UsersDelete,
            Self::GrantRole => Permission::RolesGrant,
            Self::UpdateProfile => Permission::UsersWrite,
        }
    }

    /// As the audit trail names the same over HTTP.
    pub(super) const fn action(self) -> &'static str {
        match self {
            Self::Block => "users.block",
            Self::Unblock => "users.unblock",
            Self::Delete => "users.delete",
            Self::GrantRole => "users.roles.grant",
            Self::UpdateProfile => "users.update",
        }
    }
}

impl Command {
    pub const fn kind(&self) -> CommandKind {
        match self {
            Self::Block(_) => CommandKind::Block,
            Self::Unblock => CommandKind::Unblock,
            Self::Delete => CommandKind::Delete,
            Self::GrantRole(_) => CommandKind::GrantRole,
            Self::UpdateProfile(_) => CommandKind::UpdateProfile,
        }
    }
}
