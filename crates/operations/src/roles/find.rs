//! Which roles there are, and what they permit.

use domain::{Permission, Refusal, Role, RoleName};
use storage::role_definitions;

use crate::authority;
use crate::context::Context;
use crate::error::Result;
use crate::services::Services;

/// In the order of their names, for whoever may see accounts: roles are part of what they are.
pub async fn list(services: &Services, ctx: &Context) -> Result<Vec<Role>> {
    let mut read = services.store.read().await?;
    authority::asking(ctx, &mut read, Permission::UsersRead).await?;
    Ok(role_definitions::list(&mut read).await?)
}

pub async fn find(services: &Services, ctx: &Context, name: &RoleName) -> Result<Role> {
    let mut read = services.store.read().await?;
    authority::asking(ctx, &mut read, Permission::UsersRead).await?;
    Ok(role_definitions::find(&mut read, name).await?.ok_or(Refusal::RoleNotFound)?)
}
