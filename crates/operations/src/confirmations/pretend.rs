//! As if something were sent.

use domain::Identifier;
use domain::confirmation::Purpose;
use storage::Tx;

use super::issue::{Order, ShownIn, issue_for};
use super::whose::Whose;
use crate::context::Context;
use crate::error::Result;
use crate::jobs::{self, Job};
use crate::services::Services;

/// The same steps where nobody has the name, or where nothing may go to its owner now: what was
/// sent to the owner before stays good. Answers the challenge of a code that nobody gets.
pub(crate) async fn pretend(
    services: &Services,
    ctx: &Context,
    tx: &mut Tx,
    purpose: Purpose,
    named: &Identifier,
) -> Result<Vec<u8>> {
    pretend_for(services, ctx, tx, purpose, named, ShownIn::Anything).await
}

pub(crate) async fn pretend_for(
    services: &Services,
    ctx: &Context,
    tx: &mut Tx,
    purpose: Purpose,
    named: &Identifier,
    shown_in: ShownIn,
) -> Result<Vec<u8>> {
    let whose = Whose::Nobody(named);
    let order = Order { purpose, whose, address: None, with_code: true, detail: None };
    let issued = issue_for(services, ctx, tx, &order, shown_in).await?;
    jobs::promise(services, ctx, tx, Job::DeliverNothing, ctx.now).await?;
    Ok(issued.challenge().to_vec())
}
