//! Roles and the permissions they carry.

use std::fmt;

use crate::rule::Rule;
use crate::text::is_free_text;

/// In characters, as long as columns hold.
const MAX_NAME: usize = 64;
const MAX_DESCRIPTION: usize = 255;

/// A role as administrators define it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Role {
    pub name: RoleName,
    pub description: String,
    /// In our order, each once.
    pub permissions: Vec<Permission>,
    /// Surfaces and rules of ours know it by name: it stays.
    pub is_built_in: bool,
}

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

    /// A name for a new role: small letters, digits, `.`, `_` and `-`, so that it needs no quotes
    /// in any shell or address.
    pub fn parse(text: &str) -> Result<Self, Rule> {
        let is_plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
        let Some(first) = text.bytes().next() else { return Err(Rule::Required) };
        if text.chars().count() > MAX_NAME {
            return Err(Rule::TooLong { max: MAX_NAME });
        }
        let is_name =
            is_plain(first) && text.bytes().all(|byte| is_plain(byte) || b"._-".contains(&byte));
        if is_name { Ok(Self::new(text)) } else { Err(Rule::ForbiddenCharacter) }
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
    /// Define roles: what each permits.
    RolesManage = "roles:manage",
    /// Read the audit trail, values of fields included.
    AuditRead = "audit:read",
    /// See what waits to be done, and what became of it.
    JobsRead = "jobs:read",
    /// Run what waits or was given up, or set it aside.
    JobsManage = "jobs:manage",
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

    /// What a role can have.
    pub fn of_roles() -> impl Iterator<Item = Self> {
        Self::ALL.iter().copied().filter(|permission| !permission.is_of_services())
    }
}

/// What a role is for, in the words of whoever defines it.
pub fn parse_description(text: &str) -> Result<String, Rule> {
    let text = text.trim();
    if text.chars().count() > MAX_DESCRIPTION {
        return Err(Rule::TooLong { max: MAX_DESCRIPTION });
    }
    if is_free_text(text) { Ok(text.to_owned()) } else { Err(Rule::ForbiddenCharacter) }
}

/// The permissions of these names, each once, in our order; or what is wrong with each other name.
pub fn parse_role_permissions(names: &[String]) -> Result<Vec<Permission>, Vec<Rule>> {
    let parse = |name: &String| Permission::parse(name).filter(|known| !known.is_of_services());
    let unknown: Vec<Rule> = names
        .iter()
        .filter(|name| parse(name).is_none())
        .map(|name| Rule::NoPermissionOfRoles(name.chars().take(MAX_NAME).collect()))
        .collect();
    if !unknown.is_empty() {
        return Err(unknown);
    }
    let mut permissions: Vec<Permission> = names.iter().filter_map(parse).collect();
    permissions.sort_unstable();
    permissions.dedup();
    Ok(permissions)
}
