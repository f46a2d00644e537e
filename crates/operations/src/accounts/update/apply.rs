//! One transaction, whoever asked for the change.

use domain::{Password, Refusal, SessionId, User, UserId};
use storage::users;

use super::changes::{AccountChange, Changes};
use super::check::check;
use super::write::write;
use crate::accounts::block;
use crate::context::Context;
use crate::error::Result;
use crate::services::Services;
use crate::sessions::ensure_live;

pub(in crate::accounts) struct Applied<'a> {
    pub(in crate::accounts) user: UserId,
    /// What is said when it is not there any more.
    pub(in crate::accounts) gone: Refusal,
    pub(in crate::accounts) change: &'a AccountChange,
    pub(in crate::accounts) password: Option<&'a Password>,
    /// What is so already stays so.
    pub(in crate::accounts) is_blocked: Option<bool>,
    /// Of whoever changes his own account: the one that stays when password or e-mail address change.
    pub(in crate::accounts) session: Option<SessionId>,
}

/// All of it, or nothing. `may` looks at the account and the change as they are under the lock.
pub(in crate::accounts) async fn apply(
    services: &Services,
    ctx: &Context,
    applied: Applied<'_>,
    may: impl Fn(&User, &Changes) -> Result<(), Refusal>,
) -> Result<User> {
    let Applied { user, gone, change, password, is_blocked, session } = applied;
    let hash = match password {
        Some(password) => Some(services.hash(password).await?),
        None => None,
    };
    transact!(services, |tx| {
        let current = users::find_locked(tx, user).await?;
        let current = current.filter(User::is_present).ok_or_else(|| gone.clone())?;
        // Against the account as it is now, so that a rival's change of another field stays.
        let changes = check(&ctx.policy, Some(&current), change, password).whole()?;
        may(&current, &changes)?;
        if let Some(session) = session {
            ensure_live(ctx, tx, session).await?;
        }
        write(services, ctx, tx, &current, session, &changes, hash.as_ref()).await?;
        if let Some(is_blocked) = is_blocked {
            block::set(services, ctx, tx, user, is_blocked).await?;
        }
        users::find(tx, user).await?.ok_or(storage::Error::Stale)?
    })
}
