//! Hand what was issued to whoever reads it: in the transaction that made it.

use domain::User;
use storage::Tx;

use super::{Address, Worth};
use crate::context::Context;
use crate::error::Result;
use crate::jobs::{self, Envelope, Job};
use crate::mail::Message;
use crate::services::Services;

/// Nothing is sent when nobody has anything of it any more.
pub(crate) async fn deliver(
    services: &Services,
    ctx: &Context,
    tx: &mut Tx,
    user: &User,
    address: &Address,
    message: Message,
    worth: Worth,
) -> Result<()> {
    let (user_id, to) = (user.id, address.shown().to_owned());
    let envelope = Envelope::new(services, ctx, user, to, message).worth(worth);
    let job = match address {
        Address::Email(..) => Job::DeliverMail { user_id, envelope },
        Address::Phone(_) if !services.sends_texts() => Job::DeliverNothing,
        Address::Phone(_) => Job::DeliverText { user_id, envelope },
    };
    jobs::promise(services, ctx, tx, job, ctx.now).await
}

/// How somebody is addressed at an address that may not be his: by nothing else of the account.
pub(crate) fn name_for(user: &User, address: &Address) -> String {
    user.username.clone().unwrap_or_else(|| address.shown().to_owned())
}
