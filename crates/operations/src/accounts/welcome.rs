//! Welcome somebody by mail, once: where an address of the account is verified, or where the account
//! is made, if nothing is verified there.

use std::time::Duration;

use domain::{Timestamp, User};
use storage::{Tx, notices};

use crate::confirmations::{Address, admit_address};
use crate::context::Context;
use crate::error::Result;
use crate::jobs::{self, Envelope, Job};
use crate::mail::Message;
use crate::services::Services;

/// That it was said, whoever said it.
pub(super) const WELCOME: &str = "welcome";
/// Whoever verifies an address later is no newcomer.
const NEW: Duration = Duration::from_hours(30 * 24);

/// `user` as he is after what welcomes him; his row is locked by the caller.
pub(crate) async fn welcome(
    services: &Services,
    ctx: &Context,
    tx: &mut Tx,
    user: &User,
) -> Result<()> {
    let is_new = ctx.now.since(user.created_at) <= NEW;
    let Some(address) = Address::email_of(user).filter(|_| ctx.policy.welcomes && is_new) else {
        return Ok(());
    };
    let ever = Timestamp::from_micros(0);
    if !notices::claim(tx, user.id, WELCOME, ctx.now, ever).await? {
        return Ok(());
    }
    // Anybody can have it sent to whatever address he names (OTP-14).
    if !user.email_verified && !admit_address(services, ctx, tx, &address).await? {
        return Ok(());
    }
    let message = Message::Welcome { name: user.display_name().to_owned() };
    let envelope = Envelope::new(services, ctx, user, address.shown().to_owned(), message);
    let mail = Job::DeliverMail { user_id: user.id, envelope };
    jobs::promise(services, ctx, tx, mail, ctx.now).await
}
