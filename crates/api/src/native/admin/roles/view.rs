//! A role as the native API shows it.

use domain::{Permission, Role};
use serde::Serialize;
use utoipa::ToSchema;

#[derive(Serialize, ToSchema)]
#[schema(title = "Role")]
pub(super) struct RoleView {
    #[schema(example = "support")]
    name: String,
    description: String,
    permissions: Vec<&'static str>,
    /// It is one of ours, and stays.
    built_in: bool,
}

#[derive(Serialize, ToSchema)]
#[schema(title = "Roles")]
pub(super) struct RolesView {
    pub(super) roles: Vec<RoleView>,
}

impl From<&Role> for RoleView {
    fn from(role: &Role) -> Self {
        Self {
            name: role.name.to_string(),
            description: role.description.clone(),
            permissions: role.permissions.iter().map(|may| Permission::as_str(*may)).collect(),
            built_in: role.is_built_in,
        }
    }
}
