//! By the link and the number of the account, for pages that call it activation.

use domain::confirmation::Purpose;
use domain::{Actor, Refusal, User};

use super::Channel;
use super::confirm::confirm;
use crate::confirmations::{Address, NumberedLink, follow};
use crate::context::Context;
use crate::error::Result;
use crate::services::Services;

/// Once. Whoever comes again while the link lasts hears that nothing is left to verify, as pages that
/// send it twice expect; it does nothing more.
pub async fn activate(services: &Services, ctx: &Context, numbered: &NumberedLink) -> Result<User> {
    let purpose = Purpose::EmailVerification;
    transact!(services, |tx| {
        numbered.find(ctx, tx, purpose).await?;
        let followed = follow(ctx, tx, purpose, numbered.link()).await?;
        let user = &followed.user;
        let waiting = Channel::Email.unverified(user);
        let address = waiting.clone().or_else(|| Address::email_of(user));
        if !followed.was_sent_to(services, address.as_ref()) {
            return Err(Refusal::LinkInvalid.into());
        }
        if waiting.is_none() {
            return Err(Refusal::NothingToVerify.into());
        }
        let ctx = ctx.acting_as(Actor::User(user.id));
        confirm(services, &ctx, tx, user, Channel::Email, None).await?
    })
}
