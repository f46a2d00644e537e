//! Change one's own account.

mod changes;
mod check;
mod write;

use domain::policy::Reauthentication;
use domain::{Field, Password, Permission, Refusal, Rule, SessionId, TokenDefect, User};
use storage::users;

pub use changes::Change;
use changes::Changes;

use super::block;
use crate::context::Context;
use crate::error::Result;
use crate::services::Services;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
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
    /// Whatever changes: whoever gets the current password wrong hears nothing else.
    pub is_proved_first: bool,
    /// By whoever may block; what is so already stays so.
    pub is_blocked: Option<bool>,
}

/// All of it, or nothing. `session` is the one that stays when the password changes.
pub async fn update_own(
    services: &Services,
    ctx: &Context,
    user: &User,
    session: SessionId,
    request: &UpdateOwn,
) -> Result<User> {
    if request.is_blocked.is_some() && !user.may(Permission::UsersBlock) {
        return Err(Refusal::PermissionMissing(Permission::UsersBlock).into());
    }
    let asked = ctx.policy.reauthentication;
    let password = request.current_password.as_ref();
    if request.is_proved_first {
        let asked = Reauthentication::CurrentPassword;
        services.prove_owner(ctx, user.id, asked, password).await?;
    }
    let changes = check::check(&ctx.policy, user, request)?;
    let is_proved = request.is_proved_first || is_sensitive(&changes, request);
    if is_proved && !request.is_proved_first {
        services.prove_owner(ctx, user.id, asked, password).await?;
    }
    let may = |changes: &Changes| {
        let is_allowed =
            is_proved || !is_sensitive(changes, request) || ctx.session_suffices(asked);
        if is_allowed { Ok(()) } else { Err(ask_again(asked)) }
    };
    apply(services, ctx, user, Some(session), request, may).await
}

/// By an administrator, to another's account: no password is asked for and none is set.
pub(super) async fn update_of(
    services: &Services,
    ctx: &Context,
    user: &User,
    request: &UpdateOwn,
) -> Result<User> {
    let request = UpdateOwn { password: None, current_password: None, ..request.clone() };
    check::check(&ctx.policy, user, &request)?;
    apply(services, ctx, user, None, &request, |_| Ok(())).await
}

/// `may` looks at the change as it turns out under the lock.
async fn apply(
    services: &Services,
    ctx: &Context,
    user: &User,
    session: Option<SessionId>,
    request: &UpdateOwn,
    may: impl Fn(&Changes) -> Result<(), Refusal>,
) -> Result<User> {
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
        may(&changes)?;
        write::write(services, ctx, tx, &current, session, &changes).await?;
        if let Some(is_blocked) = request.is_blocked {
            block::set(services, ctx, tx, user.id, is_blocked).await?;
        }
        users::find(tx, user.id).await?.ok_or(storage::Error::Stale)?
    })
}

fn is_sensitive(changes: &Changes, request: &UpdateOwn) -> bool {
    changes.is_sensitive() || request.password.is_some()
}

/// The change became sensitive only because the account changed meanwhile.
fn ask_again(asked: Reauthentication) -> Refusal {
    if asked.asks_for_password() {
        Refusal::invalid(Field::CurrentPassword, Rule::Required)
    } else {
        Refusal::SignInHere
    }
}
