//! Addresses that change hands.

use domain::{Actor, Event, IdentifierKind, Refusal, RoleName, Taken, User, UserId};
use storage::{Tx, users};

use super::delete::discard;
use crate::audit::Values;
use crate::confirmations::Address;
use crate::context::Context;
use crate::error::Result;
use crate::services::Services;

/// How somebody shows that an address is his which another account holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Claim {
    /// By the code that was sent to it.
    Code,
    /// By the link that takes it back: it was his before the other came.
    Return,
}

/// Whoever shows that an address is his gets it, also from an account that only said so (REG-14).
/// One that showed it, too, keeps it.
pub(crate) async fn release_from_others(
    services: &Services,
    ctx: &Context,
    tx: &mut Tx,
    owner: UserId,
    address: &Address,
    claim: Claim,
) -> Result<()> {
    let Some(holder) = find_other(tx, owner, address).await? else { return Ok(()) };
    let holder = users::find_locked(tx, holder.id).await?.ok_or(storage::Error::Stale)?;
    if !is_of(&holder, address) {
        return Err(storage::Error::Stale.into());
    }
    ensure_not_its_own(&holder, address, claim)?;
    users::change_security(tx, &holder, ctx.now).await?;
    let event = match address {
        Address::Email(..) => {
            users::set_email(tx, holder.id, None).await?;
            Event::EmailChanged
        }
        Address::Phone(_) => {
            users::set_phone(tx, holder.id, None).await?;
            Event::ProfileUpdated { fields: vec!["phone"] }
        }
    };
    let before = Some(address.shown().to_owned());
    let values = Values::default().changed(address.kind(), before, None);
    let ctx = &ctx.acting_as(Actor::System);
    services.record_change(ctx, tx, holder.id, &event, &values).await?;
    if keeps_another_name(&holder, address) {
        return Ok(());
    }
    discard(services, ctx, tx, holder.id).await
}

/// Refuses an address that its holder would keep from whoever showed the code. It decides nothing,
/// for either may change until then, but saying so now is kinder.
pub(super) async fn ensure_obtainable(
    tx: &mut Tx,
    asking: UserId,
    address: &Address,
) -> Result<()> {
    match find_other(tx, asking, address).await? {
        Some(holder) => Ok(ensure_not_its_own(&holder, address, Claim::Code)?),
        None => Ok(()),
    }
}

async fn find_other(tx: &mut Tx, owner: UserId, address: &Address) -> Result<Option<User>> {
    let holder = users::find_by_identifier(tx, &address.identifier()).await?;
    Ok(holder.filter(|holder| holder.id != owner))
}

fn is_of(user: &User, address: &Address) -> bool {
    [Address::email_of(user), Address::phone_of(user)].iter().flatten().any(|its| its.is(address))
}

fn ensure_not_its_own(holder: &User, address: &Address, claim: Claim) -> Result<(), Refusal> {
    let (kind, is_verified) = match address {
        Address::Email(..) => (IdentifierKind::Email, holder.email_verified),
        Address::Phone(_) => (IdentifierKind::Phone, holder.phone_verified),
    };
    let keeps_a_name = keeps_another_name(holder, address);
    let may_lose_it = match claim {
        // An account with no other name is not taken apart: its address is the way to recover it.
        Claim::Code => holder.is_present() && keeps_a_name,
        // It came after whoever takes the address back. Without a name it is deleted, which nobody
        // may do to somebody who was given a role.
        Claim::Return => {
            keeps_a_name || holder.roles.iter().all(|it| it.as_str() == RoleName::USER)
        }
    };
    if is_verified || !may_lose_it {
        return Err(Refusal::IdentifierTaken(Taken::one(kind, address.shown())));
    }
    Ok(())
}

fn keeps_another_name(user: &User, address: &Address) -> bool {
    let other = match address {
        Address::Email(..) => &user.phone,
        Address::Phone(_) => &user.email,
    };
    user.username.is_some() || other.is_some()
}
