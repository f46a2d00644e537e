//! Erase what is left of a deleted account when its time is over.

use domain::{Event, Status, Timestamp, User, UserId};
use storage::{
    Tx, blocks, confirmations, events, flows, known_devices, notices, passwords, policy_findings,
    proof_attempts, purge_receipts, roles, sessions, user_keys, users,
};

use super::traces::Traces;
use crate::context::Context;
use crate::error::Result;
use crate::jobs::{self, Job, promise_mail};
use crate::mail::{ACCOUNT_ERASED, Message};
use crate::services::Services;

/// Looks again before it erases: the account may have been restored since the job was promised.
/// Answers when it is to be asked again, where its time has not come.
pub(crate) async fn purge(
    services: &Services,
    ctx: &Context,
    id: UserId,
) -> Result<Option<Timestamp>> {
    transact!(services, |tx| {
        let Some(user) = users::find_locked(tx, id).await? else { return Ok(None) };
        match user.status {
            Status::Deleted { purge_at } if purge_at <= ctx.now => {}
            Status::Deleted { purge_at } => return Ok(Some(purge_at)),
            Status::Active | Status::Blocked { .. } | Status::Purged => return Ok(None),
        }
        let deleted_by = deleted_by(tx, id).await?;
        purge_receipts::insert(tx, id, deleted_by, ctx.now).await?;
        storage::jobs::delete_of_user(tx, id, ACCOUNT_ERASED).await?;
        tell(services, ctx, tx, &user).await?;
        users::change_security(tx, &user, ctx.now).await?;
        users::purge(tx, id).await?;
        blocks::delete(tx, id).await?;
        passwords::delete(tx, id).await?;
        proof_attempts::delete_of_user(tx, id).await?;
        confirmations::delete_of_user(tx, id).await?;
        flows::delete_of_user(tx, id).await?;
        policy_findings::delete_of_user(tx, id).await?;
        roles::revoke_all(tx, id).await?;
        sessions::forget_devices(tx, id).await?;
        known_devices::delete_of_user(tx, id).await?;
        notices::delete_of_user(tx, id).await?;
        services.record(ctx, tx, id, &Event::UserPurged).await?;
        // Copies of the values are of no use without the key, wherever they are.
        user_keys::delete_of_user(tx, id).await?;
        jobs::promise(services, ctx, tx, Job::EraseTraces(Traces::all(id)), ctx.now).await?;
        None
    })
}

/// To the address that nobody will know any more; its job carries it sealed, and drops it when it
/// is done. There is none left after a final deletion, which told the owner itself.
pub(super) async fn tell(
    services: &Services,
    ctx: &Context,
    tx: &mut Tx,
    user: &User,
) -> Result<()> {
    let name = user.display_name().to_owned();
    let message = Message::AccountErased { name, number: user.number };
    promise_mail(services, ctx, tx, user, message).await?;
    Ok(())
}

/// What kind of actor wanted it: of people no more than that is kept.
async fn deleted_by(tx: &mut Tx, id: UserId) -> Result<&'static str> {
    let deleted = events::newest(tx, id, &Event::UserDeleted { purge_at: None }).await?;
    Ok(match deleted {
        Some(cause) if cause.actor_id == Some(id.0) => "owner",
        Some(cause) => match cause.actor.as_str() {
            "user" => "administrator",
            "service" | "source" => "service",
            "operator" => "operator",
            _ => "system",
        },
        None => "system",
    })
}
