//! Ask for a way back.

use domain::Identifier;
use domain::confirmation::Purpose;
use storage::users;

use super::send::send;
use super::way_back;
use crate::confirmations::{Order, Whose, admit_address, admit_name, deliver_nothing, issue};
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
    let purpose = Purpose::Recovery;
    let sent: Result<()> = transact!(services, |tx| {
        let found = users::find_by_identifier(tx, named).await?;
        let locked = match found {
            Some(found) => users::find_locked(tx, found.id).await?,
            None => None,
        };
        // Nobody comes back into what is blocked or deleted (RCV-07).
        let user = locked.filter(|user| user.ensure_active(ctx.now).is_ok());
        let way = user.and_then(|user| {
            way_back(services, &user, named.kind()).map(|address| (user, address))
        });
        admit_name(services, ctx, tx, purpose, named).await?;
        match &way {
            Some((user, address)) if admit_address(services, ctx, tx, address).await? => {
                send(services, ctx, tx, user, address).await?;
            }
            Some(_) => {}
            None => {
                let whose = Whose::Nobody(named);
                let order = Order { purpose, whose, address: None, with_code: true, detail: None };
                issue(services, ctx, tx, &order).await?;
                deliver_nothing(services, ctx, tx).await?;
            }
        }
    });
    services.jobs_promised.notify_one();
    sent
}
