//! Use the token: register the first administrator.

use domain::token::SecretToken;
use domain::{Refusal, RoleName, User};
use storage::{roles, setup};

use super::token::{digest_of, fits};
use crate::accounts::{Register, admit, insert, say_which_taken};
use crate::context::Context;
use crate::error::Result;
use crate::services::Services;

pub struct Claim {
    pub token: SecretToken,
    pub register: Register,
}

/// One refusal for a token that is wrong, was used or was replaced, and for a deployment that has
/// or had an administrator: strangers learn nothing. Asked before anything is said about fields or
/// hashed, and again under the lock: of all who use one token at once, one gets in.
pub async fn claim(services: &Services, ctx: &Context, request: &Claim) -> Result<User> {
    let digest = digest_of(&request.token);
    let known = setup::find(&mut services.store.read().await?).await?;
    if !fits(&digest, &known) {
        return Err(Refusal::SetupRefused.into());
    }
    let newcomer = admit(services, ctx, &request.register).await?;
    let admin = RoleName::new(RoleName::ADMIN);
    let inserted = transact!(services, |tx| {
        // In the order of `bootstrap_admin`, which takes turns with this.
        roles::lock(tx, &admin).await?;
        let is_good = fits(&digest, &setup::find_locked(tx).await?);
        if !is_good || roles::count_active(tx, &admin).await? > 0 {
            return Err(Refusal::SetupRefused.into());
        }
        insert(services, ctx, tx, &newcomer, std::slice::from_ref(&admin)).await?
    });
    let user = say_which_taken(services, &newcomer, inserted).await?;
    tracing::info!(user = %user.id, "made the first administrator by the setup token");
    Ok(user)
}
