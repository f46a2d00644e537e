//! A new password by the link itself, without a ticket: for pages that send both in one request.

use domain::confirmation::Purpose;
use domain::{Password, Refusal, User};

use super::reset::set_anew;
use super::verify::shown_by;
use crate::confirmations::{NumberedLink, redeem};
use crate::context::Context;
use crate::error::Result;
use crate::passwords::check_recovered;
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
    let may_set = |errors: Vec<domain::FieldError>| {
        if errors.is_empty() { Ok(()) } else { Err(Refusal::Invalid(errors)) }
    };
    may_set(check_recovered(&ctx.policy, password, &[]))?;
    let found: Result<User> = transact!(services, |tx| { numbered.find(ctx, tx, purpose).await? });
    may_set(check_recovered(&ctx.policy, password, &found?.guesses()))?;
    let hash = services.hash(password).await?;
    transact!(services, |tx| {
        let redeemed = redeem(services, ctx, tx, purpose, numbered.link()).await?;
        let redeemed = redeemed.ok_or(Refusal::LinkInvalid)?;
        redeemed.user.ensure_active(ctx.now).map_err(|_| Refusal::LinkInvalid)?;
        let shown = shown_by(services, &redeemed)?;
        set_anew(services, ctx, tx, &redeemed.user, &hash, &shown).await?
    })
}
