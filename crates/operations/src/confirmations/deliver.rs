//! Hand what was issued to whoever reads it: in the transaction that made it.

use domain::{Timestamp, User};
use storage::Tx;

use super::Address;
use crate::context::Context;
use crate::error::Result;
use crate::jobs::{self, Job};
use crate::mail::Message;
use crate::services::Services;

/// Nothing is sent after `over_at`: codes that are over help nobody.
pub(crate) async fn deliver(
    services: &Services,
    ctx: &Context,
    tx: &mut Tx,
    user: &User,
    address: &Address,
    message: Message,
    over_at: Timestamp,
) -> Result<()> {
    let (user_id, locale) = (user.id, services.locale_for(ctx, user));
    let job = match address {
        Address::Email(to, _) => {
            Job::DeliverMail { user_id, to: to.clone(), locale, message, not_after: Some(over_at) }
        }
        Address::Phone(_) if !services.sends_texts() => Job::DeliverNothing,
        Address::Phone(to) => {
            Job::DeliverText { user_id, to: to.clone(), locale, message, not_after: Some(over_at) }
        }
    };
    jobs::promise(services, ctx, tx, job, ctx.now).await
}

/// How somebody is addressed at an address that may not be his: by nothing else of the account.
pub(crate) fn name_for(user: &User, address: &Address) -> String {
    user.username.clone().unwrap_or_else(|| address.shown().to_owned())
}
