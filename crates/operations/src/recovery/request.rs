//! Ask for a way back.

use domain::confirmation::Purpose;
use domain::{Identifier, User};
use storage::{Tx, users};

use super::send::send;
use super::way_back;
use crate::confirmations::{ShownIn, TooOften, admit, pretend_for};
use crate::context::Context;
use crate::error::Result;
use crate::services::Services;

/// The same answer, the same steps and the same limit whether there is such an account or not
/// (RCV-01). Nothing changes in it.
pub async fn request_recovery(
    services: &Services,
    ctx: &Context,
    named: &Identifier,
) -> Result<()> {
    request(services, ctx, named, TooOften::Said).await
}

/// Like [`request_recovery`], where there is no answer for too often: nothing is sent then.
pub async fn request_recovery_silently(
    services: &Services,
    ctx: &Context,
    named: &Identifier,
) -> Result<()> {
    request(services, ctx, named, TooOften::Untold).await
}

async fn request(
    services: &Services,
    ctx: &Context,
    named: &Identifier,
    too_often: TooOften,
) -> Result<()> {
    transact!(services, |tx| {
        let holder = users::lock_holder(tx, named).await?;
        let (holder, shown_in) = (holder.as_ref(), ShownIn::Anything);
        request_in(services, ctx, tx, named, holder, too_often, shown_in).await?;
    })
}

/// In the transaction that locked whoever holds the name. Answers the challenge of the code, also
/// where nobody gets it.
pub(crate) async fn request_in(
    services: &Services,
    ctx: &Context,
    tx: &mut Tx,
    named: &Identifier,
    holder: Option<&User>,
    too_often: TooOften,
    shown_in: ShownIn,
) -> Result<Vec<u8>> {
    let purpose = Purpose::Recovery;
    // Nobody comes back into what is blocked or deleted (RCV-07).
    let user = holder.filter(|user| user.ensure_active(ctx.now).is_ok());
    let way =
        user.and_then(|user| way_back(services, user, named.kind()).map(|address| (user, address)));
    match admit(services, ctx, tx, purpose, named, way, too_often).await? {
        Some((user, address)) => send(services, ctx, tx, user, &address, Some(shown_in)).await,
        None => pretend_for(services, ctx, tx, purpose, named, shown_in).await,
    }
}
