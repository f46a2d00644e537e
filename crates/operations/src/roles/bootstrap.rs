//! The first administrator: made once, from the environment or the command line.

use domain::{RoleName, User};
use storage::roles;

use crate::accounts::{Register, register};
use crate::context::Context;
use crate::error::{Error, Result};
use crate::health::has_admin;
use crate::services::Services;

/// Registers an administrator when there is none; `None` when there is one already.
///
/// Never raises an account that exists: whoever squats the name must not become administrator.
pub async fn bootstrap_admin(
    services: &Services,
    ctx: &Context,
    request: &Register,
) -> Result<Option<User>> {
    if has_admin(services).await? {
        return Ok(None);
    }
    let user = register(services, ctx, request).await?;
    let admin = RoleName::new(RoleName::ADMIN);
    // Instances that start together take turns here; the second finds an administrator.
    let granted: Result<bool> = transact!(services, |tx| {
        roles::lock(tx, &admin).await?;
        let is_first = roles::count_active(tx, &admin).await? == 0;
        if is_first {
            roles::grant(tx, user.id, &admin, ctx.now).await?;
            let event = domain::Event::RoleGranted { role: admin.clone() };
            services.record(ctx, tx, user.id, &event).await?;
        }
        is_first
    });
    if !granted? {
        return Ok(None);
    }
    let mut read = services.store.read().await.map_err(Error::from)?;
    Ok(storage::users::find(&mut read, user.id).await?)
}
