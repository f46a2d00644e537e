//! A client of the API that is no person: a resource server, a gateway, a script.

use crate::ids::{ServiceAccountId, UserId};
use crate::role::Permission;
use crate::rule::Rule;
use crate::time::Timestamp;

/// In characters.
const MAX_NAME: usize = 64;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServiceAccount {
    /// Also its `client_id`.
    pub id: ServiceAccountId,
    pub name: String,
    pub permissions: Vec<Permission>,
    /// `None` when the operator made it.
    pub created_by: Option<UserId>,
    pub created_at: Timestamp,
    /// When its secret was exchanged last.
    pub rotated_at: Option<Timestamp>,
    /// Until when the secret before this one is accepted.
    pub previous_until: Option<Timestamp>,
    /// To the minute.
    pub last_used_at: Option<Timestamp>,
}

impl ServiceAccount {
    pub fn may(&self, permission: Permission) -> bool {
        self.permissions.contains(&permission)
    }
}

/// Small letters, digits, `.`, `_` and `-`: a name that needs no quotes in any shell or address.
pub fn parse_service_name(text: &str) -> Result<String, Rule> {
    let is_plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let Some(first) = text.bytes().next() else { return Err(Rule::Required) };
    if text.chars().count() > MAX_NAME {
        return Err(Rule::TooLong { max: MAX_NAME });
    }
    let is_name =
        is_plain(first) && text.bytes().all(|byte| is_plain(byte) || b"._-".contains(&byte));
    if is_name { Ok(text.to_owned()) } else { Err(Rule::ForbiddenCharacter) }
}

/// The permissions of these names, each once, in our order; or what is wrong with each other name.
pub fn parse_service_permissions(names: &[String]) -> Result<Vec<Permission>, Vec<Rule>> {
    let parse = |name: &String| Permission::parse(name).filter(|known| known.is_of_services());
    let unknown: Vec<Rule> = names
        .iter()
        .filter(|name| parse(name).is_none())
        .map(|name| Rule::UnknownPermission(name.chars().take(MAX_NAME).collect()))
        .collect();
    if !unknown.is_empty() {
        return Err(unknown);
    }
    let mut permissions: Vec<Permission> = names.iter().filter_map(parse).collect();
    permissions.sort_unstable();
    permissions.dedup();
    Ok(permissions)
}
