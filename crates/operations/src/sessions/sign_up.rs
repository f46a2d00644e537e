//! Register and open a session at once, for surfaces whose registration hands out a token.

use domain::{Actor, User};
use storage::users;

use super::open::{open, tokens};
use super::sign_in::SignedIn;
use crate::accounts::{Register, admit, enter, name_taken};
use crate::context::Context;
use crate::error::Result;
use crate::services::Services;
use crate::tokens::ClaimValues;

/// Both, or neither.
pub async fn sign_up(services: &Services, ctx: &Context, request: &Register) -> Result<SignedIn> {
    let newcomer = admit(services, ctx, request).await?;
    let entered = transact!(services, |tx| {
        let user = enter(services, ctx, tx, &newcomer, &request.roles).await?;
        let ctx = &ctx.acting_as(Actor::User(user.id));
        users::record_sign_in(tx, &user, ctx.now).await?;
        let session = open(services, ctx, tx, &user).await?;
        let values = ClaimValues::of(tx, ctx.policy.claims, &user).await?;
        (user, session, values)
    });
    let (user, session, values) = name_taken(services, &newcomer, entered).await?;
    let user = User { last_login_at: Some(ctx.now), ..user };
    Ok(SignedIn { tokens: tokens(services, ctx, &session, &values)?, user })
}
