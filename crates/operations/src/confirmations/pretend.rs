//! As if something were sent.

use domain::Identifier;
use domain::confirmation::Purpose;
use storage::Tx;

use super::issue::{Order, issue};
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
    let whose = Whose::Nobody(named);
    let order = Order { purpose, whose, address: None, with_code: true, detail: None };
    let issued = issue(services, ctx, tx, &order).await?;
    jobs::promise(services, ctx, tx, Job::DeliverNothing, ctx.now).await?;
    Ok(issued.challenge().to_vec())
}
