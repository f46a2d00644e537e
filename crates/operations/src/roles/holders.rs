//! Who holds a role.

use domain::{RoleName, User};
use storage::users;

use crate::error::Result;
use crate::services::Services;

/// Up to `limit` active accounts, the oldest first.
pub async fn holders(services: &Services, role: &RoleName, limit: i64) -> Result<Vec<User>> {
    Ok(users::list_holders(&mut services.store.read().await?, role, limit).await?)
}
