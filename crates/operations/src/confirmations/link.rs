//! A link or ticket that comes back.

use domain::confirmation::{Endurance, Purpose};
use domain::token::SecretToken;
use domain::{Refusal, User, UserId};
use storage::confirmations::{self, Confirmation};
use storage::{Tx, users};

use super::issue::link_hash;
use super::{Address, Whose};
use crate::context::Context;
use crate::error::Result;
use crate::services::Services;

/// A link that was good, and is spent.
pub(crate) struct Redeemed {
    /// Locked, as it is now: active.
    pub(crate) user: User,
    address: Vec<u8>,
    pub(crate) detail: Option<Vec<u8>>,
}

impl Redeemed {
    /// Whether the link was sent there.
    pub(crate) fn was_sent_to(&self, services: &Services, address: Option<&Address>) -> bool {
        address.is_some_and(|address| self.address == services.address_fingerprint(address))
    }
}

/// Whose link this is, without spending it: for what has to be known before. It is judged again
/// when it is spent.
pub(crate) async fn find_by_link(
    ctx: &Context,
    tx: &mut Tx,
    purpose: Purpose,
    link: &SecretToken,
) -> Result<Option<User>> {
    let found = confirmations::find_by_link(tx, purpose, &link_hash(link)).await?;
    let found = found.filter(|found| is_alive(ctx, found, link));
    let Some(id) = found.and_then(|found| found.user_id) else { return Ok(None) };
    Ok(users::find(tx, id).await?)
}

/// Once at most. Refuses what is wrong, spent, too old or for something else, and whatever is an account's
/// that is not active: nobody comes back into what is blocked or deleted (RCV-07). Locks the account.
pub(crate) async fn redeem(
    services: &Services,
    ctx: &Context,
    tx: &mut Tx,
    purpose: Purpose,
    link: &SecretToken,
) -> Result<Redeemed> {
    let (user, found) = find_active(ctx, tx, purpose, link).await?;
    confirmations::spend(tx, &found.bucket, ctx.now).await?;
    confirmations::set_endurance(tx, &found.bucket, &Endurance::default(), ctx.now).await?;
    let detail = found.detail.as_deref().map(|sealed| services.open_detail(sealed)).transpose()?;
    Ok(Redeemed { user, address: found.address, detail })
}

/// Like [`redeem`], but the link stays, for whoever follows it again to hear that it was followed: only
/// where what it does cannot be done twice. A code that was sent with it is dead.
pub(crate) async fn follow(
    ctx: &Context,
    tx: &mut Tx,
    purpose: Purpose,
    link: &SecretToken,
) -> Result<Redeemed> {
    let (user, found) = find_active(ctx, tx, purpose, link).await?;
    confirmations::kill_code(tx, &found.bucket, ctx.now).await?;
    confirmations::set_endurance(tx, &found.bucket, &Endurance::default(), ctx.now).await?;
    Ok(Redeemed { user, address: found.address, detail: None })
}

/// A link that is good, and the account, both locked.
async fn find_active(
    ctx: &Context,
    tx: &mut Tx,
    purpose: Purpose,
    link: &SecretToken,
) -> Result<(User, Confirmation)> {
    let found = confirmations::find_by_link(tx, purpose, &link_hash(link)).await?;
    let found = found.and_then(|found| found.user_id.map(|id| (found, id)));
    let (found, id) = found.ok_or(Refusal::LinkInvalid)?;
    let user = users::find_locked(tx, id).await?.ok_or(Refusal::LinkInvalid)?;
    // Once more under the locks: somebody may have spent or replaced it meanwhile.
    let found = confirmations::find_locked(tx, &found.bucket).await?;
    let found = found.filter(|found| is_alive(ctx, found, link)).ok_or(Refusal::LinkInvalid)?;
    user.ensure_active(ctx.now).map_err(|_| Refusal::LinkInvalid)?;
    Ok((user, found))
}

/// What has to be known when the link comes back, of one that is still good; it stays good.
pub(crate) async fn find_detail(
    services: &Services,
    ctx: &Context,
    tx: &mut Tx,
    purpose: Purpose,
    whose: Whose<'_>,
) -> Result<Option<Vec<u8>>> {
    let bucket = services.confirmation_bucket(purpose, whose);
    let found = confirmations::find_locked(tx, &bucket).await?;
    let found = found.filter(|found| ctx.now < found.link_expires_at);
    let detail = found.and_then(|found| found.detail);
    detail.map(|sealed| services.open_detail(&sealed)).transpose()
}

/// What was sent for this is not good any more. The account's row is locked by the caller.
pub(crate) async fn spend(
    services: &Services,
    ctx: &Context,
    tx: &mut Tx,
    purpose: Purpose,
    whose: Whose<'_>,
) -> Result<()> {
    let bucket = services.confirmation_bucket(purpose, whose);
    Ok(confirmations::spend(tx, &bucket, ctx.now).await?)
}

/// The same for the links of the account of whose detail `ends` says so.
pub(crate) async fn spend_those(
    services: &Services,
    ctx: &Context,
    tx: &mut Tx,
    user: UserId,
    purpose: Purpose,
    ends: impl Fn(&[u8]) -> Result<bool>,
) -> Result<()> {
    for (bucket, sealed) in confirmations::details_of_user(tx, user, purpose).await? {
        if ends(&services.open_detail(&sealed)?)? {
            confirmations::spend(tx, &bucket, ctx.now).await?;
        }
    }
    Ok(())
}

fn is_alive(ctx: &Context, found: &Confirmation, link: &SecretToken) -> bool {
    found.link_hash.as_deref() == Some(&link_hash(link)) && ctx.now < found.link_expires_at
}
