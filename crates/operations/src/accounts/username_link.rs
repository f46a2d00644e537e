//! Send somebody who forgot his username a link that sets a new one.

use domain::confirmation::Purpose;
use domain::{Identifier, Refusal, User};
use storage::{Tx, users};

use crate::confirmations::{
    Address, Order, TooOften, Whose, admit, deliver, issue, name_for, pretend,
};
use crate::context::Context;
use crate::error::Result;
use crate::mail::Message;
use crate::recovery::mailbox;
use crate::services::Services;

/// The same answer and the same steps whether there is such an account or not (RCV-01), and however
/// often somebody asks. Nothing changes in it. Refused where the surface has no page for it.
pub async fn request_username_reset(
    services: &Services,
    ctx: &Context,
    named: &Identifier,
) -> Result<()> {
    let purpose = Purpose::UsernameReset;
    let page = ctx.policy.pages.reset_username.as_deref().ok_or(Refusal::ChannelMissing)?;
    transact!(services, |tx| {
        let user = users::lock_holder(tx, named).await?;
        let user = user.filter(|user| user.ensure_active(ctx.now).is_ok());
        let way = user.and_then(|user| mailbox(services, &user).map(|address| (user, address)));
        match admit(services, ctx, tx, purpose, named, way, TooOften::Untold).await? {
            Some((user, address)) => send(services, ctx, tx, &user, &address, page).await?,
            None => pretend(services, ctx, tx, purpose, named).await.map(drop)?,
        }
    })
}

async fn send(
    services: &Services,
    ctx: &Context,
    tx: &mut Tx,
    user: &User,
    address: &Address,
    page: &str,
) -> Result<()> {
    let order = Order {
        purpose: Purpose::UsernameReset,
        whose: Whose::Account(user.id),
        address: Some(address),
        with_code: false,
        detail: None,
    };
    let issued = issue(services, ctx, tx, &order).await?;
    let (_, link_minutes) = issued.minutes(ctx.now);
    let message = Message::UsernameReset {
        name: name_for(user, address),
        link: services.link_to_page(ctx, user, page, &issued.link),
        link_minutes,
    };
    deliver(services, ctx, tx, user, address, message, issued.worth()).await
}
