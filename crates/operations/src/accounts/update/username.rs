//! Set a username by the link that was mailed to whoever forgot it.

use domain::confirmation::Purpose;
use domain::{Actor, Refusal, User};
use storage::users;

use super::changes::{AccountChange, Change};
use super::check::check;
use super::credential::rename;
use super::write::write;
use crate::confirmations::{NumberedLink, redeem};
use crate::context::Context;
use crate::error::Result;
use crate::recovery::mailbox;
use crate::services::Services;

/// What looks like an address or a number becomes one, as where somebody is signed in; but where that
/// takes the current password, which nobody shows here, it is no username (PWD-07). A name that breaks
/// a rule or is taken spends no link.
pub async fn reset_username(
    services: &Services,
    ctx: &Context,
    numbered: &NumberedLink,
    name: &str,
) -> Result<User> {
    let purpose = Purpose::UsernameReset;
    let change = if ctx.policy.reauthentication.asks_for_password() {
        let username = Change::Set(name.to_owned());
        AccountChange { username, ..AccountChange::default() }
    } else {
        rename(name)
    };
    check(&ctx.policy, None, &change, None).whole()?;
    transact!(services, |tx| {
        numbered.find(ctx, tx, purpose).await?;
        let redeemed = redeem(services, ctx, tx, purpose, numbered.link()).await?;
        let user = &redeemed.user;
        if !redeemed.was_sent_to(services, mailbox(services, user).as_ref()) {
            return Err(Refusal::LinkInvalid.into());
        }
        let ctx = &ctx.acting_as(Actor::User(user.id));
        let changes = check(&ctx.policy, Some(user), &change, None).whole()?;
        write(services, ctx, tx, user, None, &changes, None).await?;
        users::find(tx, user.id).await?.ok_or(storage::Error::Stale)?
    })
}
