//! A new password by the link itself, without a ticket: for pages that send both in one request.

use domain::confirmation::Purpose;
use domain::{Password, User};

use super::reset::{ensure_good, set_by};
use super::verify::shown_by;
use crate::confirmations::NumberedLink;
use crate::context::Context;
use crate::error::Result;
use crate::services::Services;

/// Does what a ticket does: ends every session and all that was sent before (RCV-05, RCV-06). What is
/// wrong with the password by itself is said to everybody, what it has in common with the account only
/// to whoever has the link. Neither spends it.
pub async fn reset_by_link(
    services: &Services,
    ctx: &Context,
    numbered: &NumberedLink,
    password: &Password,
) -> Result<User> {
    let purpose = Purpose::Recovery;
    ensure_good(&ctx.policy, password, &[])?;
    let found: Result<User> = transact!(services, |tx| { numbered.find(ctx, tx, purpose).await? });
    set_by(services, ctx, purpose, numbered.link(), &found?, password, shown_by).await
}
