//! Register and open a session at once, for surfaces whose registration hands out a token.

use domain::{Actor, User};

use super::open::{Tokens, begin, tokens};
use crate::accounts::{Register, admit, hides_contacts, insert, register_quietly, say_which_taken};
use crate::context::Context;
use crate::error::Result;
use crate::services::Services;

pub struct SignedUp {
    pub user: User,
    /// None on surfaces that hide who is registered: they would tell (REG-13).
    pub tokens: Option<Tokens>,
}

/// Both, or neither; the account alone where nobody signs in before an address is verified.
pub async fn sign_up(services: &Services, ctx: &Context, request: &Register) -> Result<SignedUp> {
    if hides_contacts(ctx, request) {
        let user = Box::pin(register_quietly(services, ctx, request)).await?;
        return Ok(SignedUp { user, tokens: None });
    }
    let newcomer = admit(services, ctx, request).await?;
    let inserted = transact!(services, |tx| {
        let user = insert(services, ctx, tx, &newcomer, &request.roles).await?;
        let ctx = &ctx.acting_as(Actor::User(user.id));
        match user.ensure_verified(&ctx.policy) {
            Ok(()) => Ok((begin(services, ctx, tx, &user).await?, user)),
            Err(refusal) => Err(refusal),
        }
    });
    let ((session, values), user) = say_which_taken(services, &newcomer, inserted).await??;
    let user = User { last_login_at: Some(ctx.now), ..user };
    Ok(SignedUp { tokens: Some(tokens(services, ctx, &session, &values)?), user })
}
