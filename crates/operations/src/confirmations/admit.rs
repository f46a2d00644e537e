//! Whether something goes out to whoever holds a name: the same steps whether anybody does (RCV-01).

use domain::Identifier;
use domain::confirmation::Purpose;
use storage::Tx;

use super::address::Address;
use super::quotas::{Recipient, admit_name, admit_name_silently, admit_sending};
use crate::context::Context;
use crate::error::Result;
use crate::services::Services;

/// What whoever asks too often for one name hears of it.
#[derive(Clone, Copy)]
pub(crate) enum TooOften {
    Said,
    Untold,
}

/// Answers `way`, who holds the name and where something may be sent to him, if it may go now. For `None`
/// the caller pretends: nobody who asks can tell the one from the other.
pub(crate) async fn admit<U>(
    services: &Services,
    ctx: &Context,
    tx: &mut Tx,
    purpose: Purpose,
    named: &Identifier,
    way: Option<(U, Address)>,
    too_often: TooOften,
) -> Result<Option<(U, Address)>> {
    let may_ask = match too_often {
        TooOften::Said => {
            admit_name(services, ctx, tx, purpose, named).await?;
            true
        }
        TooOften::Untold => admit_name_silently(services, ctx, tx, purpose, named).await?,
    };
    let way = way.filter(|_| may_ask);
    let to = way.as_ref().map_or(Recipient::Nobody(named), |(_, to)| Recipient::At(to));
    let may = admit_sending(services, ctx, tx, purpose, to).await?;
    Ok(way.filter(|_| may))
}
