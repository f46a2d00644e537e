//! Send the way back.

use domain::User;
use domain::confirmation::Purpose;
use storage::Tx;

use crate::confirmations::{Address, Order, ShownIn, Whose, deliver, issue_for, name_for};
use crate::context::Context;
use crate::error::Result;
use crate::mail::{LinkTo, Message};
use crate::services::Services;

/// `code`: where one is shown that stands beside the link, if it is to. The account's row is locked
/// by the caller. Answers the challenge of the code.
pub(crate) async fn send(
    services: &Services,
    ctx: &Context,
    tx: &mut Tx,
    user: &User,
    address: &Address,
    code: Option<ShownIn>,
) -> Result<Vec<u8>> {
    let order = Order {
        purpose: Purpose::Recovery,
        whose: Whose::Account(user.id),
        address: Some(address),
        with_code: code.is_some() && LinkTo::Recover.takes_codes(ctx),
        detail: None,
    };
    let shown_in = code.unwrap_or(ShownIn::Anything);
    let issued = issue_for(services, ctx, tx, &order, shown_in).await?;
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
