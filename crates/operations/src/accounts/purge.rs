//! Erase what is left of a deleted account when its time is over.

use domain::{Event, Status, UserId};
use storage::{
    events, jobs, known_devices, notices, passwords, policy_findings, proof_attempts, roles,
    sessions, users,
};

use crate::context::Context;
use crate::error::Result;
use crate::services::Services;

/// Looks again before it erases: the account may have been restored since the job was promised.
pub(crate) async fn purge(services: &Services, ctx: &Context, id: UserId) -> Result<()> {
    transact!(services, |tx| {
        let Some(user) = users::find_locked(tx, id).await? else { return Ok(()) };
        match user.status {
            Status::Deleted { purge_at } if purge_at <= ctx.now => {}
            Status::Deleted { .. } | Status::Active | Status::Blocked | Status::Purged => {
                return Ok(());
            }
        }
        users::change_security(tx, &user, ctx.now).await?;
        users::purge(tx, id).await?;
        passwords::delete(tx, id).await?;
        proof_attempts::delete_of_user(tx, id).await?;
        policy_findings::delete_of_user(tx, id).await?;
        roles::revoke_all(tx, id).await?;
        sessions::forget_devices(tx, id).await?;
        known_devices::delete_of_user(tx, id).await?;
        notices::delete_of_user(tx, id).await?;
        services.record(ctx, tx, id, &Event::UserPurged).await?;
        events::forget_devices(tx, id).await?;
        jobs::delete_of_user(tx, id).await?;
    })
}
