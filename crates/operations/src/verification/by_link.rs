//! By the link, wherever it is opened: its 256 bits say whose it is.

use domain::token::SecretToken;
use domain::{Actor, Refusal, User};

use super::Channel;
use super::confirm::confirm;
use crate::confirmations::redeem;
use crate::context::Context;
use crate::error::Result;
use crate::services::Services;

/// No session is spared when the address replaces another: whoever reads the mail decides.
pub async fn verify_by_link(
    services: &Services,
    ctx: &Context,
    channel: Channel,
    link: &SecretToken,
) -> Result<User> {
    transact!(services, |tx| {
        let redeemed = redeem(services, ctx, tx, channel.purpose(), link).await?;
        let address = channel.unverified(&redeemed.user);
        if !redeemed.was_sent_to(services, address.as_ref()) {
            return Err(Refusal::LinkInvalid.into());
        }
        let ctx = ctx.acting_as(Actor::User(redeemed.user.id));
        confirm(services, &ctx, tx, &redeemed.user, channel, None).await?
    })
}
