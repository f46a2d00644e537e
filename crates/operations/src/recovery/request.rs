//! Ask for a way back.

use domain::confirmation::Purpose;
use domain::{Identifier, Status};
use storage::users;

use super::way_back;
use crate::confirmations::{
    Order, Whose, admit_address, admit_name, deliver, deliver_nothing, issue, name_for,
};
use crate::context::Context;
use crate::error::Result;
use crate::mail::{LinkTo, Message};
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
        let user = locked.filter(|user| user.status == Status::Active);
        let way = user.and_then(|user| way_back(&user, named).map(|address| (user, address)));
        admit_name(services, ctx, tx, purpose, named).await?;
        let whose = way.as_ref().map_or(Whose::Nobody(named), |(user, _)| Whose::Account(user.id));
        let address = way.as_ref().map(|(_, address)| address);
        let order = Order { purpose, whose, address, with_code: true, detail: None };
        match &way {
            Some((user, address)) if admit_address(services, ctx, tx, address).await? => {
                let issued = issue(services, ctx, tx, &order).await?;
                let message = Message::Recovery {
                    name: name_for(user, address),
                    code: issued.code.as_ref().map(|code| code.reveal().to_owned()),
                    link: services.templates.link(LinkTo::Recover, &issued.link),
                };
                deliver(services, ctx, tx, user, address, message, issued.over_at()).await?;
            }
            Some(_) => {}
            None => {
                issue(services, ctx, tx, &order).await?;
                deliver_nothing(services, ctx, tx).await?;
            }
        }
    });
    services.jobs_promised.notify_one();
    sent
}
