//! Sign in with an identifier and a password.
//!
//! Every surface calls this, but where a mailed code follows the password (`crate::flows`).

use domain::token::SecretToken;
use domain::{Actor, Session, Status, User};

use super::open::{Tokens, begin, tokens};
use super::prove::{Proven, SignIn, prove};
use crate::context::Context;
use crate::error::Result;
use crate::passwords::tell_of_success;
use crate::services::Services;
use crate::tokens::ClaimValues;

#[derive(Clone, Debug)]
pub struct SignedIn {
    pub user: User,
    pub tokens: Tokens,
    /// For a client that keeps cookies, unless it showed one that is good.
    pub device: Option<SecretToken>,
}

pub async fn sign_in(services: &Services, ctx: &Context, request: &SignIn) -> Result<SignedIn> {
    for _ in 0..Proven::ROUNDS {
        let proven = prove(services, ctx, request).await?;
        let ctx = &ctx.acting_as(Actor::User(proven.user_id()));
        let device = proven.new_device(services, ctx);
        let opened: Result<Option<(User, Session, ClaimValues)>> = transact!(services, |tx| {
            match proven.confirm(ctx, tx).await? {
                None => None,
                Some(user) => {
                    let (session, values) = begin(services, ctx, tx, &user).await?;
                    let failures = proven.succeed(services, ctx, tx).await?;
                    tell_of_success(services, ctx, tx, &user, session.id, failures).await?;
                    Some((user, session, values))
                }
            }
        });
        if let Some((user, session, values)) = proven.end(services, opened).await? {
            let user = User { last_login_at: Some(ctx.now), status: Status::Active, ..user };
            let tokens = tokens(services, ctx, &session, &values)?;
            return Ok(SignedIn { user, tokens, device });
        }
    }
    Err(storage::Error::Stale.into())
}
