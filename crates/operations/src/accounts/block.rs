//! Block an account, for a while or until somebody lifts it, and unblock it.

use domain::confirmation::Purpose;
use domain::session::EndReason;
use domain::{
    Event, Field, FieldError, Permission, Refusal, Rule, Status, Timestamp, User, UserId, text,
};
use storage::blocks::{self, Block};
use storage::{Tx, confirmations, sessions, users};

use super::unblock::{lift, lift_when_over};
use crate::audit::Values;
use crate::authority;
use crate::context::Context;
use crate::error::Result;
use crate::jobs::{self, Job};
use crate::mail::{Message, minute};
use crate::roles::ensure_not_last_admin;
use crate::services::Services;

/// As asked for, unchecked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BlockTerms {
    /// For administrators; nobody else sees it, and no event tells it.
    pub reason: Option<String>,
    /// From then on it blocks nobody. Without it, somebody has to lift the block.
    pub until: Option<Timestamp>,
}

/// Ends every session; a blocked account gets no token by any way (LGN-15).
pub async fn block(services: &Services, ctx: &Context, id: UserId) -> Result<User> {
    block_on(services, ctx, id, &BlockTerms::default()).await
}

/// Like [`block`]. Who is blocked already is blocked on these terms from now on.
pub async fn block_on(
    services: &Services,
    ctx: &Context,
    id: UserId,
    terms: &BlockTerms,
) -> Result<User> {
    transact!(services, |tx| { block_in(services, ctx, tx, id, terms).await? })
}

/// In a transaction that does more.
pub(crate) async fn block_in(
    services: &Services,
    ctx: &Context,
    tx: &mut Tx,
    id: UserId,
    terms: &BlockTerms,
) -> Result<User> {
    let user = authority::lock_target(ctx, tx, Permission::UsersBlock, id).await?;
    let user = present(Some(user))?;
    let block = terms.check(ctx.now)?;
    let user = lift_when_over(services, ctx, tx, user).await?;
    put(services, ctx, tx, &user, &block).await?;
    Ok(present(users::find(tx, id).await?)?)
}

/// For surfaces that say of an account whether it is blocked: what is so already stays so.
pub(super) async fn set(
    services: &Services,
    ctx: &Context,
    tx: &mut Tx,
    id: UserId,
    is_blocked: bool,
) -> Result<User> {
    let user = present(users::find_locked(tx, id).await?)?;
    let user = lift_when_over(services, ctx, tx, user).await?;
    match (is_blocked, user.status) {
        (true, Status::Active) => put(services, ctx, tx, &user, &Block::default()).await?,
        (false, Status::Blocked { .. }) => lift(services, ctx, tx, &user).await?,
        (true | false, _) => {}
    }
    Ok(present(users::find(tx, id).await?)?)
}

/// What is known of the block of an account, for whoever may see accounts.
pub async fn find_block(services: &Services, ctx: &Context, id: UserId) -> Result<Option<Block>> {
    let mut read = services.store.read().await?;
    authority::asking(ctx, &mut read, Permission::UsersRead).await?;
    Ok(blocks::find(&mut read, id).await?)
}

async fn put(
    services: &Services,
    ctx: &Context,
    tx: &mut Tx,
    user: &User,
    block: &Block,
) -> Result<()> {
    let is_blocked = user.status != Status::Active;
    // None beside a block that was made before they were written down.
    let known = blocks::find(tx, user.id).await?.unwrap_or_default();
    if is_blocked && known == *block {
        return Ok(());
    }
    ensure_not_last_admin(tx, user).await?;
    users::change_security(tx, user, ctx.now).await?;
    users::block(tx, user.id, ctx.now).await?;
    blocks::set(tx, user.id, block).await?;
    // An account is blocked because somebody stole it: what its owner was told holds when the block
    // is over (REG-16).
    let kept = Some(Purpose::AddressReturn);
    confirmations::spend_of_user(tx, user.id, kept, ctx.now).await?;
    sessions::end_all(tx, user.id, None, EndReason::AccountBlocked, ctx.now).await?;
    let values = Values::of_status(user.status, Status::Blocked { until: block.until });
    let event = Event::UserBlocked { until: block.until };
    services.record_change(ctx, tx, user.id, &event, &values).await?;
    if let Some(until) = block.until {
        // It looks again: by then there may be a later block, or none.
        let job = Job::LiftBlock { user_id: user.id };
        jobs::promise(services, ctx, tx, job, until).await?;
    }
    if !is_blocked || known.until != block.until {
        let until = block.until.map(minute);
        let message = Message::Blocked { name: user.display_name().to_owned(), until };
        jobs::promise_mail(services, ctx, tx, user, message).await?;
    }
    Ok(())
}

impl BlockTerms {
    fn check(&self, now: Timestamp) -> Result<Block, Refusal> {
        let mut errors = Vec::new();
        let reason = self.reason.as_deref().map(text::parse_reason).transpose();
        let reason = reason.unwrap_or_else(|rule| {
            errors.push(FieldError { field: Field::Reason, rule });
            None
        });
        if self.until.is_some_and(|until| until <= now) {
            errors.push(FieldError { field: Field::Until, rule: Rule::NotInFuture });
        }
        if !errors.is_empty() {
            return Err(Refusal::Invalid(errors));
        }
        Ok(Block { reason: reason.filter(|reason| !reason.is_empty()), until: self.until })
    }
}

fn present(user: Option<User>) -> Result<User, Refusal> {
    user.filter(User::is_present).ok_or(Refusal::UserNotFound)
}
