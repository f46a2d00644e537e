//! Looking accounts up, for operators.

use domain::{Identifier, Refusal, User, UserId};
use storage::purge_receipts::{self, PurgeReceipt};
use storage::users;

use crate::error::Result;
use crate::services::Services;

/// The account that the identifier names, deleted ones included.
pub async fn find(services: &Services, identifier: &Identifier) -> Result<User> {
    let mut read = services.store.read().await?;
    let user = users::find_by_identifier(&mut read, identifier).await?;
    Ok(user.ok_or(Refusal::UserNotFound)?)
}

/// The account with this id, purged ones included.
pub async fn find_by_id(services: &Services, id: UserId) -> Result<User> {
    let user = users::find(&mut services.store.read().await?, id).await?;
    Ok(user.ok_or(Refusal::UserNotFound)?)
}

/// What is left of an account that was erased.
pub async fn purge_receipt(services: &Services, id: UserId) -> Result<Option<PurgeReceipt>> {
    Ok(purge_receipts::find(&mut services.store.read().await?, id).await?)
}
