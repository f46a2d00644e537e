//! Whoever had an address that was replaced hears of it, and by which link it comes back (REG-16).

use domain::confirmation::{Purpose, RETURN_LIFETIME};
use domain::{Timestamp, User, UserId};
use serde::{Deserialize, Serialize};
use storage::{Tx, users};

use crate::confirmations::{
    Address, Notice, Order, Recipient, Whose, Worth, admit_notice, deliver, find_detail, issue,
    name_for, spend_those,
};
use crate::context::Context;
use crate::error::{Fault, Result};
use crate::jobs::promise_mail;
use crate::mail::{LinkTo, Message};
use crate::services::Services;

/// What the link says by which an address is taken back.
#[derive(Serialize, Deserialize)]
pub(super) struct Replaced {
    pub(super) is_phone: bool,
    pub(super) address: String,
    /// The mailbox that has the link.
    pub(super) told: String,
    /// The version at which the account lost the address, for the first time while it could be taken
    /// back: who was there earlier outranks whoever came later.
    pub(super) since: i64,
    /// The number beside it, if it was verified so long before that whoever replaces addresses today
    /// has not just brought it.
    pub(super) trusted_phone: Option<String>,
}

impl Replaced {
    pub(super) fn read(detail: &[u8]) -> Result<Self> {
        Ok(serde_json::from_slice(detail).map_err(Fault::Encoding)?)
    }
}

/// Tells the address that was replaced or removed how to take it back. `user` is the account before.
pub(crate) async fn tell_of_replaced_email(
    services: &Services,
    ctx: &Context,
    tx: &mut Tx,
    user: &User,
) -> Result<()> {
    let Some(old) = Address::email_of(user) else { return Ok(()) };
    offer_return(services, ctx, tx, user, &old, &old).await
}

/// Tells of a number that was added, replaced or removed. `user` is the account before. A verified
/// number that `may_return` is taken back by a link in a verified mailbox; a notice without one goes
/// to others, too (docs/decisions/0030).
pub(super) async fn tell_of_phone(
    services: &Services,
    ctx: &Context,
    tx: &mut Tx,
    user: &User,
    may_return: bool,
) -> Result<()> {
    let (old, mailbox) = (Address::phone_of(user), Address::email_of(user));
    let mailbox_shown = mailbox.as_ref().filter(|_| user.email_verified);
    let may_return = may_return && user.phone_verified;
    if let (Some(old), Some(mailbox), true) = (&old, mailbox_shown, may_return) {
        return offer_return(services, ctx, tx, user, old, mailbox).await;
    }
    let notice = |address| Message::PhoneChanged { name: name_for(user, address) };
    if let Some(mailbox) = &mailbox {
        promise_mail(services, ctx, tx, user, notice(mailbox)).await?;
    }
    match old.filter(|_| mailbox_shown.is_none() && services.sends_texts()) {
        Some(old) if may_tell(services, ctx, tx, user, user.phone_verified, &old).await? => {
            let worth = Worth::until(ctx.now + RETURN_LIFETIME);
            deliver(services, ctx, tx, user, &old, notice(&old), worth).await
        }
        Some(_) | None => Ok(()),
    }
}

/// Before a new link is made: what cannot be told leaves the one that was told good.
async fn may_tell(
    services: &Services,
    ctx: &Context,
    tx: &mut Tx,
    user: &User,
    is_verified: bool,
    told: &Address,
) -> Result<bool> {
    let notice = Notice { user: user.id, kind: "address_changed", is_verified };
    admit_notice(services, ctx, tx, notice, Recipient::At(told)).await
}

async fn offer_return(
    services: &Services,
    ctx: &Context,
    tx: &mut Tx,
    user: &User,
    old: &Address,
    told: &Address,
) -> Result<()> {
    if !may_tell(services, ctx, tx, user, user.email_verified, told).await? {
        return Ok(());
    }
    let replaced = Replaced {
        is_phone: matches!(old, Address::Phone(_)),
        address: old.shown().to_owned(),
        told: told.shown().to_owned(),
        since: lost_since(services, ctx, tx, user.id, old).await?.unwrap_or(user.version),
        trusted_phone: trusted_phone(ctx, tx, user).await?,
    };
    let detail = serde_json::to_vec(&replaced).map_err(Fault::Encoding)?;
    let order = Order {
        purpose: Purpose::AddressReturn,
        whose: Whose::AddressOf(user.id, old),
        address: Some(old),
        with_code: false,
        detail: Some(&detail),
    };
    let issued = issue(services, ctx, tx, &order).await?;
    let message = Message::AddressChanged {
        name: user.display_name().to_owned(),
        replaced: old.shown().to_owned(),
        link: services.templates.link(LinkTo::TakeBack, &issued.link),
        hours: RETURN_LIFETIME.as_secs() / 3600,
    };
    deliver(services, ctx, tx, user, told, message, issued.worth()).await
}

async fn trusted_phone(ctx: &Context, tx: &mut Tx, user: &User) -> Result<Option<String>> {
    let verified_at = users::phone_verified_at(tx, user.id).await?;
    let is_old = |at: Timestamp| at + RETURN_LIFETIME <= ctx.now;
    Ok(user.phone.clone().filter(|_| verified_at.is_some_and(is_old)))
}

/// Since when the account is without the address, which a link that is still good takes back.
pub(super) async fn lost_since(
    services: &Services,
    ctx: &Context,
    tx: &mut Tx,
    user: UserId,
    address: &Address,
) -> Result<Option<i64>> {
    let whose = Whose::AddressOf(user, address);
    let detail = find_detail(services, ctx, tx, Purpose::AddressReturn, whose).await?;
    detail.map(|detail| Ok(Replaced::read(&detail)?.since)).transpose()
}

/// Somebody showed that he reads `mailbox`, which the account lost at the version `since`: the links
/// of addresses that it lost later, and that went to others, are good no more. Older ones are: or
/// whoever came later could end them.
pub(super) async fn end_later_returns(
    services: &Services,
    ctx: &Context,
    tx: &mut Tx,
    user: UserId,
    mailbox: &Address,
    since: i64,
) -> Result<()> {
    let ends = |detail: &[u8]| {
        let other = Replaced::read(detail)?;
        let is_told = Address::email(&other.told).is_some_and(|told| told.is(mailbox));
        Ok(other.since > since && !is_told)
    };
    spend_those(services, ctx, tx, user, Purpose::AddressReturn, ends).await
}

/// The same for an account that has the mailbox again, however that came.
pub(crate) async fn end_returns_after(
    services: &Services,
    ctx: &Context,
    tx: &mut Tx,
    user: UserId,
    mailbox: &Address,
) -> Result<()> {
    match lost_since(services, ctx, tx, user, mailbox).await? {
        Some(since) => end_later_returns(services, ctx, tx, user, mailbox, since).await,
        None => Ok(()),
    }
}
