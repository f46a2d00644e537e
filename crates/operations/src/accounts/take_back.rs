//! Take an address back that was replaced by somebody who could (REG-16).

use domain::confirmation::Purpose;
use domain::session::EndReason;
use domain::token::SecretToken;
use domain::{Actor, Email, Event, Phone, Refusal, User};
use storage::{Tx, passwords, users};

use super::addresses::{Claim, release_from_others};
use super::identifiers::taken;
use super::replaced::{Replaced, end_later_returns, end_returns_after};
use crate::audit::Values;
use crate::confirmations::{Address, Order, Whose, issue, name_for, redeem};
use crate::context::Context;
use crate::error::Result;
use crate::jobs::promise_mail;
use crate::mail::Message;
use crate::recovery::forget_the_past;
use crate::services::Services;

/// Ends every session and the password, and answers a ticket to set a new one with: whoever replaced
/// the address knew the old one.
pub async fn take_back(
    services: &Services,
    ctx: &Context,
    link: &SecretToken,
) -> Result<SecretToken> {
    transact!(services, |tx| {
        let redeemed = redeem(services, ctx, tx, Purpose::AddressReturn, link).await?;
        let user = redeemed.user;
        let replaced = Replaced::read(&redeemed.detail.unwrap_or_default())?;
        let told = Address::email(&replaced.told).ok_or(Refusal::LinkInvalid)?;
        let ctx = &ctx.acting_as(Actor::User(user.id));
        users::change_security(tx, &user, ctx.now).await?;
        if replaced.is_phone {
            return_phone(services, ctx, tx, &user, &replaced, &told).await?;
        } else {
            return_email(services, ctx, tx, &user, &replaced, &told).await?;
        }
        forget_the_past(services, ctx, tx, &user, EndReason::EmailChanged).await?;
        passwords::delete(tx, user.id).await?;
        services.record(ctx, tx, user.id, &Event::PasswordChanged).await?;
        let order = Order {
            purpose: Purpose::PasswordReset,
            whose: Whose::Account(user.id),
            // Who has it reads this mailbox, whatever he took back.
            address: Some(&told),
            with_code: false,
            detail: None,
        };
        issue(services, ctx, tx, &order).await?.link
    })
}

async fn return_email(
    services: &Services,
    ctx: &Context,
    tx: &mut Tx,
    user: &User,
    replaced: &Replaced,
    address: &Address,
) -> Result<()> {
    let email = Email::parse(&replaced.address).map_err(|_| Refusal::LinkInvalid)?;
    release_from_others(services, ctx, tx, user.id, address, Claim::Return).await?;
    let set = users::set_email(tx, user.id, Some(&email)).await;
    set.map_err(|error| taken(error, email.as_str()))?;
    // Whoever has the link reads what is sent there.
    users::verify_email(tx, user.id, ctx.now).await?;
    let values =
        Values::default().changed("email", user.email.clone(), Some(email.as_str().into()));
    services.record_change(ctx, tx, user.id, &Event::EmailChanged, &values).await?;
    if user.phone.is_some() && user.phone != replaced.trusted_phone {
        // It would be a way back for whoever brought it (REG-14).
        users::set_phone(tx, user.id, None).await?;
        record_phone(services, ctx, tx, user, None).await?;
    }
    if let Some(thiefs) = Address::email_of(user) {
        let message = Message::AddressTakenBack { name: name_for(user, &thiefs) };
        promise_mail(services, ctx, tx, user, message).await?;
    }
    end_later_returns(services, ctx, tx, user.id, address, replaced.since).await
}

/// While the mailbox that has the link is the account's: of a mailbox that was replaced, too, the
/// link that brings it back comes first.
async fn return_phone(
    services: &Services,
    ctx: &Context,
    tx: &mut Tx,
    user: &User,
    replaced: &Replaced,
    mailbox: &Address,
) -> Result<()> {
    if !Address::email_of(user).is_some_and(|its| its.is(mailbox)) {
        return Err(Refusal::LinkInvalid.into());
    }
    let phone = Phone::parse(&replaced.address).map_err(|_| Refusal::LinkInvalid)?;
    let address = Address::Phone(phone.as_str().to_owned());
    release_from_others(services, ctx, tx, user.id, &address, Claim::Return).await?;
    let set = users::set_phone(tx, user.id, Some(&phone)).await;
    set.map_err(|error| taken(error, phone.as_str()))?;
    // As it was: no other number gets such a link.
    users::verify_phone(tx, user.id, ctx.now).await?;
    record_phone(services, ctx, tx, user, Some(phone.as_str().to_owned())).await?;
    end_returns_after(services, ctx, tx, user.id, mailbox).await
}

async fn record_phone(
    services: &Services,
    ctx: &Context,
    tx: &mut Tx,
    user: &User,
    after: Option<String>,
) -> Result<()> {
    let values = Values::default().changed("phone", user.phone.clone(), after);
    let event = Event::ProfileUpdated { fields: vec!["phone"] };
    services.record_change(ctx, tx, user.id, &event, &values).await
}
