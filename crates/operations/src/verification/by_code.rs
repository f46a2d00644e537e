//! By a code that is typed.

use domain::{Actor, User};

use super::confirm::confirm;
use super::{Channel, Claimant};
use crate::confirmations::{Guess, check_code, count_wrong};
use crate::context::Context;
use crate::error::Result;
use crate::services::Services;

/// One refusal whatever is wrong with the code, or with the name that comes with it.
pub async fn verify_by_code(
    services: &Services,
    ctx: &Context,
    claimant: &Claimant,
    channel: Channel,
    code: &str,
) -> Result<User> {
    let verified = async {
        transact!(services, |tx| {
            let found = claimant.find(ctx, tx, channel).await?;
            let (purpose, whose) = (channel.purpose(), claimant.whose(found.as_ref()));
            let address = found.as_ref().map(|(_, address)| address);
            let guess =
                Guess { purpose, whose, named: claimant.named(), address, challenge: None, code };
            let is_right = check_code(services, ctx, tx, &guess).await?;
            match &found {
                Some((user, _)) if is_right => {
                    let ctx = ctx.acting_as(Actor::User(user.id));
                    Some(confirm(services, &ctx, tx, user, channel, claimant.session()).await?)
                }
                Some(_) | None => None,
            }
        })
    };
    count_wrong(services, ctx, Box::pin(verified)).await
}
