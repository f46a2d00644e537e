//! The first administrator: made once, from the environment or the command line.

use domain::{RoleName, User};
use storage::{roles, setup};

use crate::accounts::{Register, admit, insert};
use crate::context::Context;
use crate::error::Result;
use crate::services::Services;
use crate::setup::{Standing, standing};

/// Registers an administrator when there is none and never was one; `None` otherwise.
///
/// Never raises an account that exists: whoever squats the name must not become administrator.
pub async fn bootstrap_admin(
    services: &Services,
    ctx: &Context,
    request: &Register,
) -> Result<Option<User>> {
    if standing(services).await? == Standing::Closed {
        return Ok(None);
    }
    let newcomer = admit(services, ctx, request).await?;
    let admin = RoleName::new(RoleName::ADMIN);
    // All in one transaction: a process that dies in between leaves no account that holds the
    // name and is nobody. Instances that start together take turns; the second finds an
    // administrator and leaves nothing behind.
    transact!(services, |tx| {
        roles::lock(tx, &admin).await?;
        let is_closed = setup::find_locked(tx).await?.closed_at.is_some();
        if is_closed || roles::count_active(tx, &admin).await? > 0 {
            None
        } else {
            Some(insert(services, ctx, tx, &newcomer, std::slice::from_ref(&admin)).await?)
        }
    })
}
