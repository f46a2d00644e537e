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
/// sent to the owner before stays good.
pub(crate) async fn pretend(
    services: &Services,
    ctx: &Context,
    tx: &mut Tx,
    purpose: Purpose,
    named: &Identifier,
) -> Result<()> {
    let whose = Whose::Nobody(named);
    let order = Order { purpose, whose, address: None, with_code: true, detail: None };
    issue(services, ctx, tx, &order).await?;
    jobs::promise(services, ctx, tx, Job::DeliverNothing, ctx.now).await
}
