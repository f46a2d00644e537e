//! Roles and the permissions they carry.

use std::fmt;

/// The name of a role, as tokens, profiles and the command line show it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RoleName(String);

impl RoleName {
    pub const ADMIN: &'static str = "admin";
    pub const MODERATOR: &'static str = "moderator";
    pub const USER: &'static str = "user";

    pub fn new(name: impl Into<String>) -> Self {
        Self(name.into())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub fn is_admin(&self) -> bool {
        self.0 == Self::ADMIN
    }
}

impl fmt::Display for RoleName {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

macro_rules! permissions {
    ($($(#[$doc:meta])* $name:ident = $text:literal),+ $(,)?) => {
        /// What a role or a service may do. The names are stored and shown; they never change.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Permission { $($(#[$doc])* $name),+ }

        impl Permission {
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text),+ }
            }

            pub fn parse(text: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|permission| permission.as_str() == text)
            }
        }
    };
}

permissions! {
    /// See any account.
    UsersRead = "users:read",
    /// Create accounts and change profiles.
    UsersWrite = "users:write",
    /// Block and unblock.
    UsersBlock = "users:block",
    /// Delete and restore.
    UsersDelete = "users:delete",
    /// Set and send passwords and recovery.
    UsersCredentials = "users:credentials",
    /// Grant and revoke roles.
    RolesGrant = "roles:grant",
    /// Read the audit trail, values of fields included.
    AuditRead = "audit:read",
    /// Make services, exchange their secrets, delete them.
    ServicesManage = "services:manage",
    /// Ask about any token. Of services, not of roles.
    TokensIntrospect = "tokens:introspect",
    /// End the session of any token. Of services, not of roles.
    TokensRevoke = "tokens:revoke",
    /// Follow what is revoked. Of services, not of roles.
    RevocationsRead = "revocations:read",
    /// Follow what happens to accounts. Of services, not of roles.
    EventsRead = "events:read",
}

impl Permission {
    /// What a service can be given. None of it is power over accounts, and no role has any of it.
    pub const OF_SERVICES: [Self; 4] =
        [Self::TokensIntrospect, Self::TokensRevoke, Self::RevocationsRead, Self::EventsRead];

    pub fn is_of_services(self) -> bool {
        Self::OF_SERVICES.contains(&self)
    }
}
