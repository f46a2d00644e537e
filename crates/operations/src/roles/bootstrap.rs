//! The first administrator: made once, from the environment or the command line.

use domain::{RoleName, User};
use storage::roles;

use crate::accounts::{Register, admit, insert};
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
    if has_admin(services).await? {
        return Ok(None);
    }
    let newcomer = admit(services, ctx, request).await?;
    let admin = RoleName::new(RoleName::ADMIN);
    // All in one transaction: a process that dies in between leaves no account that holds the
    // name and is nobody. Instances that start together take turns; the second finds an
    // administrator and leaves nothing behind.
    transact!(services, |tx| {
        roles::lock(tx, &admin).await?;
        if roles::count_active(tx, &admin).await? > 0 {
            None
        } else {
            Some(insert(services, ctx, tx, &newcomer, std::slice::from_ref(&admin)).await?)
        }
    })
}
