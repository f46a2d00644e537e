//! Does the account know what it is signed in to from? (docs/decisions/0019)

use std::time::Duration;

use domain::User;
use domain::device::{agent_family, network, shown_agent};
use storage::{Tx, known_devices};

use crate::context::Context;
use crate::error::Result;
use crate::jobs::promise_mail;
use crate::mail::{Message, minute};
use crate::services::Services;

/// Of the key of fingerprints: nobody who has only the database knows a device by them.
const PURPOSE: &str = "seen device";
const DAY: Duration = Duration::from_hours(24);
/// What is not seen for so long is new again.
pub(crate) const KNOWN_FOR: Duration = Duration::from_hours(90 * 24);
/// Whoever knows the password can call himself a new device at each sign-in: he fills neither the
/// table nor the mailbox.
const MOST_NEW_A_DAY: i64 = 10;

/// Remembers what the sign-in comes from, and tells the owner when it is new; answers whether it
/// is. The very first sign-in of an account is not: there is nothing to compare it with. The device
/// cookie makes nothing known here: a copy of it would silence the notice it is needed for. The
/// account's row is locked by the caller.
pub(super) async fn meet(
    services: &Services,
    ctx: &Context,
    tx: &mut Tx,
    user: &User,
) -> Result<bool> {
    if !services.sessions.new_device_notice {
        return Ok(false);
    }
    let family = agent_family(ctx.client.agent.as_deref().unwrap_or_default());
    let network = network(ctx.client.address.as_deref().unwrap_or_default());
    let parts = [Some(user.id.to_string()), Some(family), Some(network)];
    let fingerprint = services.vault.fingerprint(PURPOSE, &parts.each_ref().map(Option::as_deref));
    let known_since = ctx.now - KNOWN_FOR;
    if known_devices::see_again(tx, user.id, &fingerprint, ctx.now, known_since).await? {
        return Ok(false);
    }
    let is_new = user.last_login_at.is_some();
    if known_devices::count_new(tx, user.id, ctx.now - DAY).await? < MOST_NEW_A_DAY {
        known_devices::insert(tx, user.id, &fingerprint, ctx.now).await?;
        if is_new {
            tell(services, ctx, tx, user).await?;
        }
    }
    Ok(is_new)
}

async fn tell(services: &Services, ctx: &Context, tx: &mut Tx, user: &User) -> Result<()> {
    let message = Message::NewDevice {
        name: user.display_name().to_owned(),
        at: minute(ctx.now),
        agent: ctx.client.agent.as_deref().map(shown_agent).filter(|agent| !agent.is_empty()),
        address: ctx.client.address.clone(),
    };
    promise_mail(services, ctx, tx, user, message).await?;
    Ok(())
}
