//! Take an address back that was replaced by somebody who could (REG-16).

use domain::confirmation::Purpose;
use domain::session::EndReason;
use domain::token::SecretToken;
use domain::{Actor, Email, Event, Phone, Refusal};
use storage::{confirmations, sessions, users};

use super::addresses::{Replaced, release_from_others};
use super::identifiers::taken;
use crate::audit::Values;
use crate::confirmations::{Address, Order, Whose, issue, redeem};
use crate::context::Context;
use crate::error::{Fault, Result};
use crate::services::Services;

/// Ends every session and answers a ticket to set a new password with: whoever replaced the address
/// knew the old one.
pub async fn take_back(
    services: &Services,
    ctx: &Context,
    link: &SecretToken,
) -> Result<SecretToken> {
    transact!(services, |tx| {
        let redeemed = redeem(services, ctx, tx, Purpose::AddressReturn, link).await?;
        let redeemed = redeemed.ok_or(Refusal::LinkInvalid)?;
        let user = redeemed.user;
        user.ensure_active(ctx.now).map_err(|_| Refusal::LinkInvalid)?;
        let detail = redeemed.detail.unwrap_or_default();
        let replaced: Replaced = serde_json::from_slice(&detail).map_err(Fault::Encoding)?;
        let ctx = &ctx.acting_as(Actor::User(user.id));
        users::change_security(tx, &user, ctx.now).await?;
        if replaced.is_phone {
            let phone = Phone::parse(&replaced.address).map_err(|_| Refusal::LinkInvalid)?;
            let set = users::set_phone(tx, user.id, Some(&phone)).await;
            set.map_err(|error| taken(error, phone.as_str()))?;
            if replaced.was_verified {
                users::verify_phone(tx, user.id, ctx.now).await?;
            }
        } else {
            let email = Email::parse(&replaced.address).map_err(|_| Refusal::LinkInvalid)?;
            release_from_others(services, ctx, tx, user.id, &email).await?;
            let set = users::set_email(tx, user.id, Some(&email)).await;
            set.map_err(|error| taken(error, email.as_str()))?;
            // Whoever has the link reads what is sent there.
            users::verify_email(tx, user.id, ctx.now).await?;
        }
        sessions::end_all(tx, user.id, None, EndReason::EmailChanged, ctx.now).await?;
        let kept = Some(Purpose::AddressReturn);
        confirmations::spend_of_user(tx, user.id, kept, ctx.now).await?;
        let returned = Some(replaced.address.clone());
        let (event, values) = if replaced.is_phone {
            let values = Values::default().changed("phone", user.phone.clone(), returned);
            (Event::ProfileUpdated { fields: vec!["phone"] }, values)
        } else {
            let values = Values::default().changed("email", user.email.clone(), returned);
            (Event::EmailChanged, values)
        };
        services.record_change(ctx, tx, user.id, &event, &values).await?;
        let address = if replaced.is_phone {
            Some(Address::Phone(replaced.address.clone()))
        } else {
            Address::email(&replaced.address)
        };
        let order = Order {
            purpose: Purpose::PasswordReset,
            whose: Whose::Account(user.id),
            address: address.as_ref(),
            with_code: false,
            detail: None,
        };
        issue(services, ctx, tx, &order).await?.link
    })
}
