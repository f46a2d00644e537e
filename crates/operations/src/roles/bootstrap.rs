//! The first administrator: made once, from the environment or the command line.

use domain::{RoleName, User};
use storage::roles;

use crate::accounts::{Register, prepare, write};
use crate::context::Context;
use crate::error::Result;
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
    // A quick look first: most starts need no hash.
    if has_admin(services).await? {
        return Ok(None);
    }
    let admin = RoleName::new(RoleName::ADMIN);
    let request = Register { roles: vec![admin.clone()], ..request.clone() };
    let new = prepare(services, ctx, &request).await?;
    transact!(services, |tx| {
        // Instances that start together take turns here; the second finds an administrator.
        roles::lock(tx, &admin).await?;
        if roles::count_active(tx, &admin).await? > 0 {
            None
        } else {
            Some(write(services, ctx, tx, &new).await?)
        }
    })
}
