//! Send a code and a link to an address that waits to be verified.

use domain::{Email, Identifier, Phone, Refusal, User};
use storage::Tx;

use super::{Channel, Claimant};
use crate::confirmations::{
    Address, Order, TooOften, Whose, admit, deliver, issue, name_for, pretend,
};
use crate::context::Context;
use crate::error::Result;
use crate::mail::{LinkTo, Message};
use crate::services::Services;

/// Like [`send_verification`] to a mailbox, where there is no answer for too often, either. Refused
/// where the surface asks no new address.
pub async fn send_activation(services: &Services, ctx: &Context, named: &Identifier) -> Result<()> {
    if !ctx.policy.verifies_new_addresses {
        return Err(Refusal::ChannelMissing.into());
    }
    let claimant = Claimant::Named(named.clone());
    transact!(services, |tx| {
        let found = claimant.find(ctx, tx, Channel::Email).await?;
        promise_silently(services, ctx, tx, Channel::Email, named, found).await?;
    })
}

/// Once more. Whoever only names an address gets one answer, and the same is done, whether it waits
/// or not, and whether there is such an account.
pub async fn send_verification(
    services: &Services,
    ctx: &Context,
    claimant: &Claimant,
    channel: Channel,
) -> Result<()> {
    if channel == Channel::Phone && !services.sends_texts() {
        return Err(Refusal::ChannelMissing.into());
    }
    transact!(services, |tx| {
        let found = claimant.find(ctx, tx, channel).await?;
        let name = match (claimant, &found) {
            (Claimant::Named(name), _) => name.clone(),
            (Claimant::Own { .. }, Some((_, address))) => Identifier::recognise(address.shown()),
            (Claimant::Own { .. }, None) => return Err(Refusal::NothingToVerify.into()),
        };
        promise_if_admitted(services, ctx, tx, channel, &name, found, TooOften::Said).await?;
    })
}

/// By the way of a change that made an address wait, where the surface asks for it. Its change is
/// made whether this is sent or not: too often is too often. The account's row is locked by the
/// caller.
pub(crate) async fn promise_verification(
    services: &Services,
    ctx: &Context,
    tx: &mut Tx,
    user: &User,
    channel: Channel,
) -> Result<()> {
    let is_possible = channel == Channel::Email || services.sends_texts();
    let Some(address) = channel.unverified(user).filter(|_| is_possible) else { return Ok(()) };
    if !ctx.policy.verifies_new_addresses {
        return Ok(());
    }
    let name = Identifier::recognise(address.shown());
    let found = Some((user.clone(), address));
    promise_silently(services, ctx, tx, channel, &name, found).await
}

/// The same steps for addresses of somebody who is not registered after all: nothing is sent.
pub(crate) async fn pretend_verification(
    services: &Services,
    ctx: &Context,
    tx: &mut Tx,
    email: Option<&Email>,
    phone: Option<&Phone>,
) -> Result<()> {
    if !ctx.policy.verifies_new_addresses {
        return Ok(());
    }
    let phone = phone.filter(|_| services.sends_texts());
    let names =
        [(Channel::Email, email.map(Email::as_str)), (Channel::Phone, phone.map(Phone::as_str))];
    for (channel, name) in names {
        let Some(name) = name.map(Identifier::recognise) else { continue };
        promise_silently(services, ctx, tx, channel, &name, None).await?;
    }
    Ok(())
}

/// For whoever did not ask for it: too often is too often, and nobody is told.
pub(super) async fn promise_silently(
    services: &Services,
    ctx: &Context,
    tx: &mut Tx,
    channel: Channel,
    name: &Identifier,
    found: Option<(User, Address)>,
) -> Result<()> {
    promise_if_admitted(services, ctx, tx, channel, name, found, TooOften::Untold).await
}

/// Where nobody waits, or nothing may go now, the same steps for nobody.
async fn promise_if_admitted(
    services: &Services,
    ctx: &Context,
    tx: &mut Tx,
    channel: Channel,
    name: &Identifier,
    found: Option<(User, Address)>,
    too_often: TooOften,
) -> Result<()> {
    let purpose = channel.purpose();
    match admit(services, ctx, tx, purpose, name, found, too_often).await? {
        Some((user, address)) => promise(services, ctx, tx, &user, &address, channel).await,
        None => pretend(services, ctx, tx, purpose, name).await.map(drop),
    }
}

async fn promise(
    services: &Services,
    ctx: &Context,
    tx: &mut Tx,
    user: &User,
    address: &Address,
    channel: Channel,
) -> Result<()> {
    let page = match channel {
        Channel::Email => LinkTo::VerifyEmail,
        Channel::Phone => LinkTo::VerifyPhone,
    };
    let order = Order {
        purpose: channel.purpose(),
        whose: Whose::Account(user.id),
        address: Some(address),
        with_code: page.takes_codes(ctx),
        detail: None,
    };
    let issued = issue(services, ctx, tx, &order).await?;
    let name = name_for(user, address);
    let code = issued.code.as_ref().map(|code| code.reveal().to_owned());
    let link = services.link_for(ctx, user, page, &issued.link);
    let (code_minutes, link_minutes) = issued.minutes(ctx.now);
    let replaces_another = channel == Channel::Email && user.pending_email.is_some();
    let message = if replaces_another {
        Message::AddressConfirmation { name, code, link, code_minutes, link_minutes }
    } else {
        Message::Verification { name, code, link, code_minutes, link_minutes }
    };
    deliver(services, ctx, tx, user, address, message, issued.worth()).await
}
