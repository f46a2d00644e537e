//! Send the way back.

use domain::User;
use domain::confirmation::Purpose;
use storage::Tx;

use crate::confirmations::{Address, Order, Whose, deliver, issue, name_for};
use crate::context::Context;
use crate::error::Result;
use crate::mail::{LinkTo, Message};
use crate::services::Services;

/// The account's row is locked by the caller. Answers the challenge of the code.
pub(crate) async fn send(
    services: &Services,
    ctx: &Context,
    tx: &mut Tx,
    user: &User,
    address: &Address,
) -> Result<Vec<u8>> {
    let order = Order {
        purpose: Purpose::Recovery,
        whose: Whose::Account(user.id),
        address: Some(address),
        with_code: LinkTo::Recover.takes_codes(ctx),
        detail: None,
    };
    let issued = issue(services, ctx, tx, &order).await?;
    let challenge = issued.challenge().to_vec();
    let (code_minutes, link_minutes) = issued.minutes(ctx.now);
    let message = Message::Recovery {
        name: name_for(user, address),
        code: issued.code.as_ref().map(|code| code.reveal().to_owned()),
        link: services.link_for(ctx, user, LinkTo::Recover, &issued.link),
        code_minutes,
        link_minutes,
    };
    deliver(services, ctx, tx, user, address, message, issued.worth()).await?;
    Ok(challenge)
}
