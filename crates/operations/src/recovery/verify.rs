//! Show the code or the link; get the ticket.

use domain::confirmation::Purpose;
use domain::token::SecretToken;
use domain::{Identifier, IdentifierKind, Refusal, User};
use storage::{Tx, users};

use super::{way_back, ways_back};
use crate::confirmations::{
    Address, Guess, Order, Redeemed, Whose, check_code, count_wrong, issue, redeem,
};
use crate::context::Context;
use crate::error::Result;
use crate::services::Services;

/// One refusal whatever is wrong, the name included.
pub async fn recover_by_code(
    services: &Services,
    ctx: &Context,
    named: &Identifier,
    code: &str,
) -> Result<SecretToken> {
    let ticket = async {
        transact!(services, |tx| { recover_in(services, ctx, tx, named, None, code).await? })
    };
    count_wrong(services, ctx, Box::pin(ticket)).await
}

/// The ticket, if the code is right: where `challenge` is given, the one of that sending, else one that
/// no flow sent. A wrong one is to be committed, for the guess to count.
pub(crate) async fn recover_in(
    services: &Services,
    ctx: &Context,
    tx: &mut Tx,
    named: &Identifier,
    challenge: Option<&[u8]>,
    code: &str,
) -> Result<Option<SecretToken>> {
    let user = users::lock_holder(tx, named).await?;
    let user = user.filter(|user| user.ensure_active(ctx.now).is_ok());
    let address = user.as_ref().and_then(|user| way_back(services, user, named.kind()));
    let way = user.zip(address.as_ref());
    let whose = way.as_ref().map_or(Whose::Nobody(named), |(user, _)| Whose::Account(user.id));
    let (purpose, address) = (Purpose::Recovery, address.as_ref());
    let guess = Guess { purpose, whose, named: Some(named), address, challenge, code };
    let is_right = check_code(services, ctx, tx, &guess).await?;
    Ok(match &way {
        Some((user, address)) if is_right => {
            Some(new_ticket(services, ctx, tx, user, address).await?)
        }
        Some(_) | None => None,
    })
}

pub async fn recover_by_link(
    services: &Services,
    ctx: &Context,
    link: &SecretToken,
) -> Result<SecretToken> {
    transact!(services, |tx| {
        let redeemed = redeem(services, ctx, tx, Purpose::Recovery, link).await?;
        let address = shown_by(services, &redeemed)?;
        new_ticket(services, ctx, tx, &redeemed.user, &address).await?
    })
}

/// The address to which the way back was sent, as long as it is one: it may have been only while no
/// other address was verified.
pub(super) fn shown_by(services: &Services, redeemed: &Redeemed) -> Result<Address, Refusal> {
    let mut ways = ways_back(services, &redeemed.user, IdentifierKind::Email);
    ways.find(|address| redeemed.was_sent_to(services, Some(address))).ok_or(Refusal::LinkInvalid)
}

/// 256 bits, good once, that do nothing but set a password.
async fn new_ticket(
    services: &Services,
    ctx: &Context,
    tx: &mut Tx,
    user: &User,
    address: &Address,
) -> Result<SecretToken> {
    let order = Order {
        purpose: Purpose::PasswordReset,
        whose: Whose::Account(user.id),
        address: Some(address),
        with_code: false,
        detail: None,
    };
    Ok(issue(services, ctx, tx, &order).await?.link)
}
