//! Change one's own account.

use domain::policy::Reauthentication;
use domain::{Field, Password, Refusal, Rule, SessionId, User};

use super::apply::{Applied, apply};
use super::changes::{AccountChange, Changes};
use super::check::check;
use crate::context::Context;
use crate::error::Result;
use crate::services::Services;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UpdateOwn {
    pub change: AccountChange,
    pub password: Option<Password>,
    pub current_password: Option<Password>,
}

impl From<AccountChange> for UpdateOwn {
    fn from(change: AccountChange) -> Self {
        Self { change, ..Self::default() }
    }
}

/// All of it, or nothing. `session` is the one that stays when password or
/// e-mail address change.
pub async fn update_own(
    services: &Services,
    ctx: &Context,
    user: &User,
    session: SessionId,
    request: &UpdateOwn,
) -> Result<User> {
    update_and_block(services, ctx, user, session, request, None).await
}

/// `is_blocked` from whoever may block; the caller looked.
pub(in crate::accounts) async fn update_and_block(
    services: &Services,
    ctx: &Context,
    user: &User,
    session: SessionId,
    request: &UpdateOwn,
    is_blocked: Option<bool>,
) -> Result<User> {
    let UpdateOwn { change, password, current_password } = request;
    let password = password.as_ref();
    let changes = check(&ctx.policy, Some(user), change, password).whole()?;
    let asked = ctx.policy.reauthentication;
    let is_proved = changes.is_sensitive();
    if is_proved {
        services.prove_owner(ctx, user.id, asked, current_password.as_ref()).await?;
    }
    let may = |current: &User, changes: &Changes| {
        current.ensure_unchanged(user.security_version)?;
        let is_allowed = is_proved || !changes.is_sensitive() || ctx.session_suffices(asked);
        if is_allowed { Ok(()) } else { Err(ask_again(asked)) }
    };
    let (user, gone) = (user.id, Refusal::AccountGone);
    let applied = Applied { user, gone, change, password, is_blocked, session: Some(session) };
    apply(services, ctx, applied, may).await
}

/// The change became sensitive only because the account changed meanwhile.
fn ask_again(asked: Reauthentication) -> Refusal {
    if asked.asks_for_password() {
        Refusal::invalid(Field::CurrentPassword, Rule::Required)
    } else {
        Refusal::SignInHere
    }
}
