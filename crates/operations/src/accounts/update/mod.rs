//! Change one's own account.

mod changes;
mod check;
mod write;

use domain::{Field, Password, Refusal, Rule, SessionId, TokenDefect, User};
use storage::users;

pub use changes::Change;
use changes::Changes;

use crate::context::Context;
use crate::error::Result;
use crate::services::Services;

#[derive(Clone, Debug, Default)]
pub struct UpdateOwn {
    pub username: Change<String>,
    pub email: Change<String>,
    pub phone: Change<String>,
    pub first_name: Change<String>,
    pub last_name: Change<String>,
    pub locale: Change<String>,
    /// A JSON object, as text.
    pub metadata: Change<String>,
    pub password: Option<Password>,
    pub current_password: Option<Password>,
}

/// All of it, or nothing. `session` is the one that stays when the password changes.
pub async fn update_own(
    services: &Services,
    ctx: &Context,
    user: &User,
    session: SessionId,
    request: &UpdateOwn,
) -> Result<User> {
    let changes = check::check(&ctx.policy, user, request)?;
    let asks = |changes: &Changes| {
        ctx.policy.reauthenticates && (changes.is_sensitive() || request.password.is_some())
    };
    let is_proved = asks(&changes);
    if is_proved {
        services.reauthenticate(user.id, request.current_password.as_ref()).await?;
    }
    let hash = match &request.password {
        Some(password) => Some(services.hash(password).await?),
        None => None,
    };
    transact!(services, |tx| {
        let current = users::find_locked(tx, user.id).await?;
        let current = current.filter(User::is_present).ok_or(Refusal::AccountGone)?;
        if current.security_version != user.security_version {
            // Credentials or status changed since the caller proved who he is.
            return Err(Refusal::InvalidToken(TokenDefect::Revoked).into());
        }
        // Against the account as it is now, so that a rival's change of another field stays.
        let changes =
            Changes { password: hash.clone(), ..check::check(&ctx.policy, &current, request)? };
        if asks(&changes) && !is_proved {
            return Err(Refusal::invalid(Field::CurrentPassword, Rule::Required).into());
        }
        write::write(services, ctx, tx, &current, session, &changes).await?;
        users::find(tx, user.id).await?.ok_or(storage::Error::Stale)?
    })
}
