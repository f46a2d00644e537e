//! Where an account is signed in.

use domain::{Session, UserId};
use storage::sessions;

use crate::context::Context;
use crate::error::Result;
use crate::services::Services;

/// Sessions without a refresh token have no cap; nobody reads more of them than this.
const MOST: i64 = 200;

/// The live sessions, the newest first.
pub async fn list(services: &Services, ctx: &Context, user_id: UserId) -> Result<Vec<Session>> {
    Ok(sessions::list_live(&mut services.store.read().await?, user_id, ctx.now, MOST).await?)
}
