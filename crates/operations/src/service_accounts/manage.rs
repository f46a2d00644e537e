//! Who may make, change and delete services.

use domain::{Permission, Refusal, User};

/// What surfaces ask before anything else about services.
pub fn ensure_may_manage(user: &User) -> Result<(), Refusal> {
    let needed = Permission::ServicesManage;
    if user.may(needed) { Ok(()) } else { Err(Refusal::PermissionMissing(needed)) }
}
