//! Addresses that change hands.

use domain::confirmation::{Purpose, RETURN_LIFETIME};
use domain::{Actor, Email, Event, Identifier, IdentifierKind, Refusal, Taken, User, UserId};
use serde::{Deserialize, Serialize};
use storage::{Tx, users};

use crate::audit::Values;
use crate::confirmations::{
    Address, Notice, Order, Recipient, Whose, admit_notice, deliver, issue,
};
use crate::context::Context;
use crate::error::{Fault, Result};
use crate::mail::{LinkTo, Message};
use crate::services::Services;

/// What the link says by which an address is taken back.
#[derive(Serialize, Deserialize)]
pub(super) struct Replaced {
    pub(super) is_phone: bool,
    pub(super) address: String,
    pub(super) was_verified: bool,
}

/// Whoever shows that an address is his gets it, also from an account that only said so (REG-14).
/// One that showed it, too, keeps it.
pub(crate) async fn release_from_others(
    services: &Services,
    ctx: &Context,
    tx: &mut Tx,
    owner: UserId,
    email: &Email,
) -> Result<()> {
    let name = Identifier::of_kind(IdentifierKind::Email, email.as_str());
    let holder = users::find_by_identifier(tx, &name).await?.filter(|holder| holder.id != owner);
    let Some(holder) = holder else { return Ok(()) };
    let holder = users::find_locked(tx, holder.id).await?.ok_or(storage::Error::Stale)?;
    ensure_not_its_own(&holder, email)?;
    users::change_security(tx, &holder, ctx.now).await?;
    users::set_email(tx, holder.id, None).await?;
    let values = Values::default().changed("email", holder.email.clone(), None);
    let ctx = &ctx.acting_as(Actor::System);
    services.record_change(ctx, tx, holder.id, &Event::EmailChanged, &values).await
}

/// Refuses an address that another account holds, for somebody who has yet to show that it is his:
/// until then the other's word is as good. It decides nothing, but saying so now is kinder.
pub(super) async fn ensure_free(tx: &mut Tx, asking: UserId, email: &Email) -> Result<()> {
    let name = Identifier::of_kind(IdentifierKind::Email, email.as_str());
    match users::find_by_identifier(tx, &name).await? {
        Some(holder) if holder.id != asking => {
            let taken = Taken::one(IdentifierKind::Email, email.as_str());
            Err(Refusal::IdentifierTaken(taken).into())
        }
        Some(_) | None => Ok(()),
    }
}

fn ensure_not_its_own(holder: &User, email: &Email) -> Result<(), Refusal> {
    let is_proved = holder.email_verified || !holder.is_present();
    if is_proved || !keeps_a_name_without_email(holder) {
        let taken = Taken::one(IdentifierKind::Email, email.as_str());
        return Err(Refusal::IdentifierTaken(taken));
    }
    Ok(())
}

/// An account with no other name is not taken apart: its address is the way to recover it.
fn keeps_a_name_without_email(user: &User) -> bool {
    user.username.is_some() || user.phone.is_some()
}

/// Mails the address that was replaced or removed how to take it back (REG-16).
pub(crate) async fn tell_of_replaced_address(
    services: &Services,
    ctx: &Context,
    tx: &mut Tx,
    user: &User,
    old: &Address,
    was_verified: bool,
) -> Result<()> {
    let is_phone = matches!(old, Address::Phone(_));
    // A number that nothing can be sent to is told about at the account's e-mail address.
    let told = match Address::email_of(user) {
        Some(email) if is_phone => email,
        _ if is_phone => return Ok(()),
        _ => old.clone(),
    };
    let is_verified = if is_phone { user.email_verified } else { was_verified };
    let notice = Notice { user: user.id, kind: "address_changed", is_verified };
    // Before a new link is made: what cannot be told leaves the one that was told good.
    if !admit_notice(services, ctx, tx, notice, Recipient::At(&told)).await? {
        return Ok(());
    }
    let replaced = Replaced { is_phone, address: old.shown().to_owned(), was_verified };
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
    deliver(services, ctx, tx, user, &told, message, issued.link_expires_at).await
}
