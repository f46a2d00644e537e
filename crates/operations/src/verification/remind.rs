//! Ask an address again, because its owner tried to sign in before it was verified.

use domain::Identifier;
use storage::users;

use super::Channel;
use super::send::promise_silently;
use crate::context::Context;
use crate::error::Result;
use crate::services::Services;

/// `is_owner` when the password was right: nobody else has anything sent. By the same steps for
/// everybody who fails under this name, whether anybody has it or not.
pub(crate) async fn remind(
    services: &Services,
    ctx: &Context,
    named: &Identifier,
    is_owner: bool,
) -> Result<()> {
    transact!(services, |tx| {
        let user = users::lock_holder(tx, named).await?;
        let user = user.filter(|user| is_owner && user.ensure_active(ctx.now).is_ok());
        let phone = Some(Channel::Phone).filter(|_| services.sends_texts());
        let mut channels = [Some(Channel::Email), phone].into_iter().flatten();
        let waiting = user.and_then(|user| {
            channels.find_map(|channel| {
                channel.unverified(&user).map(|address| (channel, (user.clone(), address)))
            })
        });
        let (channel, found) = waiting.unzip();
        let channel = channel.unwrap_or(Channel::Email);
        promise_silently(services, ctx, tx, channel, named, found).await?;
    })
}
