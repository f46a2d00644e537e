//! Delete an account: restorable for a while, or for good.

use std::sync::Arc;

use domain::confirmation::Purpose;
use domain::deletion::RestorationNotice;
use domain::policy::DeletionPolicy;
use domain::session::EndReason;
use domain::token::SecretToken;
use domain::{
    AccountPolicy, Deletion, Event, Password, Permission, Refusal, SessionId, Status, User, UserId,
};
use storage::{Tx, confirmations, idempotency_keys, sessions, users};

use super::purge::tell as tell_of_erasure;
use crate::audit::Values;
use crate::authority;
use crate::confirmations::{Address, Worth, admit_address, deliver};
use crate::context::Context;
use crate::error::Result;
use crate::jobs::{self, Job, purge_key};
use crate::mail::{LinkTo, Message};
use crate::roles::ensure_not_last_admin;
use crate::services::Services;
use crate::sessions::ensure_live;
use crate::tokens::{digest_restoration, new_restoration};

pub struct DeleteOwn {
    pub current_password: Option<Password>,
}

/// Delete one's own account, re-authenticated where the surface asks for it (LIF-01). `session` is
/// the one that asks.
pub async fn delete_own(
    services: &Services,
    ctx: &Context,
    user: &User,
    session: SessionId,
    request: &DeleteOwn,
) -> Result<Deletion> {
    let asked = ctx.policy.deletion_reauthentication;
    services.prove_owner(ctx, user.id, asked, request.current_password.as_ref()).await?;
    // For its owner the account is gone, not unknown.
    let may = |current: &User| current.ensure_unchanged(user.security_version);
    let removed = Removed { user: user.id, gone: Refusal::AccountGone, session: Some(session) };
    remove(services, ctx, removed, may).await
}

/// Delete an account as an administrator or the operator: every session ends at once. `None` when
/// it is deleted already (LIF-08); one that could still be restored can be deleted for good.
pub async fn delete(services: &Services, ctx: &Context, id: UserId) -> Result<Option<Deletion>> {
    let token = new_restoration(&*services.entropy);
    transact!(services, |tx| { delete_in(services, ctx, tx, id, &token).await? })
}

/// In a transaction that does more. `token` restores the account, where it can be restored.
pub(crate) async fn delete_in(
    services: &Services,
    ctx: &Context,
    tx: &mut Tx,
    id: UserId,
    token: &SecretToken,
) -> Result<Option<Deletion>> {
    let user = authority::lock_target(ctx, tx, Permission::UsersDelete, id).await?;
    authority::ensure_other(ctx, id)?;
    authority::ensure_fresh(services, ctx)?;
    match (user.status, ctx.policy.deletion) {
        (Status::Active | Status::Blocked { .. }, _) => {}
        (Status::Deleted { purge_at }, DeletionPolicy::Final) if ctx.now < purge_at => {
            storage::jobs::cancel(tx, &purge_key(id, purge_at)).await?;
        }
        (Status::Deleted { .. } | Status::Purged, _) => return Ok(None),
    }
    Ok(Some(take_away(services, ctx, tx, &user, token).await?))
}

/// Whatever the surface's policy: nothing can be restored, the names are free at once.
pub async fn delete_for_good(
    services: &Services,
    ctx: &Context,
    id: UserId,
) -> Result<Option<Deletion>> {
    delete(services, &finally(ctx), id).await
}

fn finally(ctx: &Context) -> Context {
    let policy = AccountPolicy { deletion: DeletionPolicy::Final, ..(*ctx.policy).clone() };
    Context { policy: Arc::new(policy), ..ctx.clone() }
}

pub(super) struct Removed {
    pub(super) user: UserId,
    /// What is said when it is not there any more.
    pub(super) gone: Refusal,
    /// Of whoever deletes his own account: ended meanwhile, it deletes nothing.
    pub(super) session: Option<SessionId>,
}

/// `may` looks at the account under its lock.
pub(super) async fn remove(
    services: &Services,
    ctx: &Context,
    removed: Removed,
    may: impl Fn(&User) -> Result<(), Refusal>,
) -> Result<Deletion> {
    let Removed { user: id, gone, session } = removed;
    let token = new_restoration(&*services.entropy);
    transact!(services, |tx| {
        let user = users::find_locked(tx, id).await?;
        let user = user.filter(User::is_present).ok_or_else(|| gone.clone())?;
        may(&user)?;
        if let Some(session) = session {
            ensure_live(ctx, tx, session).await?;
        }
        take_away(services, ctx, tx, &user, &token).await?
    })
}

/// For good, whatever the surface's policy: an account that has no name left. It may be deleted
/// already, to be restored.
pub(super) async fn discard(
    services: &Services,
    ctx: &Context,
    tx: &mut Tx,
    id: UserId,
) -> Result<()> {
    let user = users::find_locked(tx, id).await?.ok_or(storage::Error::Stale)?;
    if let Status::Deleted { purge_at } = user.status {
        storage::jobs::cancel(tx, &purge_key(id, purge_at)).await?;
    }
    let token = new_restoration(&*services.entropy);
    take_away(services, &finally(ctx), tx, &user, &token).await.map(drop)
}

/// By the surface's policy, restorable by `token` or for good. The account is locked.
async fn take_away(
    services: &Services,
    ctx: &Context,
    tx: &mut Tx,
    user: &User,
    token: &SecretToken,
) -> Result<Deletion> {
    let id = user.id;
    ensure_not_last_admin(tx, user).await?;
    users::change_security(tx, user, ctx.now).await?;
    sessions::end_all(tx, id, None, EndReason::AccountDeleted, ctx.now).await?;
    // Who deletes it may be the one who replaced the owner's address: what the owner was told holds
    // when the account comes back (REG-16).
    let is_restorable = matches!(ctx.policy.deletion, DeletionPolicy::Restorable { .. });
    let kept = is_restorable.then_some(Purpose::AddressReturn);
    confirmations::spend_of_user(tx, id, kept, ctx.now).await?;
    idempotency_keys::delete_of_user(tx, id).await?;
    let deletion = match ctx.policy.deletion {
        DeletionPolicy::Restorable { window } => {
            let purge_at = ctx.now + window;
            // Whom an administrator blocked does not come back by himself.
            let token = user.ensure_active(ctx.now).is_ok().then_some(token);
            let digest = token.map(digest_restoration);
            users::delete(tx, id, ctx.now, purge_at, digest.as_deref()).await?;
            let notice = promise_notice(services, ctx, tx, user, token, window).await?;
            Deletion { deleted_at: ctx.now, purge_at, notice }
        }
        DeletionPolicy::Final => {
            users::delete(tx, id, ctx.now, ctx.now, None).await?;
            tell_of_erasure(services, ctx, tx, user).await?;
            users::free_identifiers(tx, id).await?;
            Deletion { deleted_at: ctx.now, purge_at: ctx.now, notice: RestorationNotice::None }
        }
    };
    let event = Event::UserDeleted { purge_at: Some(deletion.purge_at) };
    let deleted = Status::Deleted { purge_at: deletion.purge_at };
    let values = Values::of_status(user.status, deleted);
    services.record_change(ctx, tx, id, &event, &values).await?;
    let purge = Job::PurgeAccount { user_id: id, purge_at: deletion.purge_at };
    jobs::promise(services, ctx, tx, purge, deletion.purge_at).await?;
    Ok(deletion)
}

async fn promise_notice(
    services: &Services,
    ctx: &Context,
    tx: &mut Tx,
    user: &User,
    token: Option<&SecretToken>,
    window: std::time::Duration,
) -> Result<RestorationNotice> {
    let (Some(address), Some(token)) = (user.email.as_ref().or(user.phone.as_ref()), token) else {
        return Ok(RestorationNotice::OnlyByAdministrator);
    };
    let message = Message::Restoration {
        name: user.display_name().to_owned(),
        identifier: address.clone(),
        token: token.reveal().to_owned(),
        link: services.templates.link(LinkTo::Restore, token),
        days: window.as_secs().div_ceil(24 * 60 * 60),
    };
    if user.email.is_some() {
        let is_mailed = jobs::promise_mail(services, ctx, tx, user, message).await?;
        let by_hand = RestorationNotice::OnlyByAdministrator;
        return Ok(if is_mailed { RestorationNotice::Mailed } else { by_hand });
    }
    match Address::phone_of(user).filter(|_| services.sends_texts()) {
        Some(phone) if admit_address(services, ctx, tx, &phone).await? => {
            deliver(services, ctx, tx, user, &phone, message, Worth::until(ctx.now + window))
                .await?;
            Ok(RestorationNotice::Texted)
        }
        Some(_) | None => Ok(RestorationNotice::OnlyByAdministrator),
    }
}
