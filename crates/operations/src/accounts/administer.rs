//! Change and delete an account that is there for whoever asks: one's own, or as an
//! administrator another's.

use domain::{Password, Permission, Refusal, SessionId, User};

use super::delete::{DeleteOwn, Removed, delete_own, remove};
use super::update::{AccountChange, Applied, UpdateOwn, apply, check, update_and_block};
use crate::authority::{ensure_may, ensure_not_above};
use crate::context::Context;
use crate::error::Result;
use crate::services::Services;

#[derive(Clone, Debug, Default)]
pub struct UpdateVisible {
    pub change: AccountChange,
    /// From whoever may block; what is so already stays so.
    pub is_blocked: Option<bool>,
    /// Of whoever asks.
    pub current_password: Option<Password>,
}

/// Changes `target`; `session` is the one of whoever asks. Before anything changes for another,
/// whoever asks proves to be who he is.
pub async fn update_visible(
    services: &Services,
    ctx: &Context,
    asking: &User,
    session: SessionId,
    target: &User,
    request: &UpdateVisible,
) -> Result<User> {
    let UpdateVisible { change, is_blocked, current_password } = request;
    if is_blocked.is_some() {
        ensure_may(asking, Permission::UsersBlock)?;
    }
    if target.id == asking.id {
        let current_password = current_password.clone();
        let own = UpdateOwn { change: change.clone(), password: None, current_password };
        return update_and_block(services, ctx, asking, session, &own, *is_blocked).await;
    }
    let is_changed = *change != AccountChange::default();
    if is_changed {
        ensure_may(asking, Permission::UsersWrite)?;
    } else if is_blocked.is_none() {
        return Ok(target.clone());
    }
    ensure_not_above(asking, target)?;
    check(&ctx.policy, Some(target), change, None).whole()?;
    let asked = ctx.policy.reauthentication;
    services.prove_owner(ctx, asking.id, asked, current_password.as_ref()).await?;
    let applied = Applied {
        user: target.id,
        gone: Refusal::UserNotFound,
        change,
        password: None,
        is_blocked: *is_blocked,
        session: None,
    };
    apply(services, ctx, applied, |current, _| ensure_not_above(asking, current)).await
}

/// Deletes `target`, when whoever asks proves to be who he is.
pub async fn delete_visible(
    services: &Services,
    ctx: &Context,
    asking: &User,
    session: SessionId,
    target: &User,
    request: &DeleteOwn,
) -> Result<()> {
    if target.id == asking.id {
        delete_own(services, ctx, asking, session, request).await?;
        return Ok(());
    }
    ensure_may(asking, Permission::UsersDelete)?;
    let asked = ctx.policy.deletion_reauthentication;
    services.prove_owner(ctx, asking.id, asked, request.current_password.as_ref()).await?;
    let may = |current: &User| ensure_not_above(asking, current);
    let removed = Removed { user: target.id, gone: Refusal::UserNotFound, session: None };
    remove(services, ctx, removed, may).await?;
    Ok(())
}
