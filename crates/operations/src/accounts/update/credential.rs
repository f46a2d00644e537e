//! Set what one signs in with, for surfaces that ask for the current password first.

use domain::policy::Reauthentication;
use domain::{Identifier, IdentifierKind, Password, Refusal, SessionId, User};

use super::apply::{Applied, apply};
use super::changes::{AccountChange, Change};
use super::check::check;
use crate::context::Context;
use crate::error::Result;
use crate::services::Services;

pub enum NewCredential {
    Password(Password),
    /// Becomes what it looks like: an address is an e-mail, digits are a phone number, the rest
    /// is a username.
    Name(String),
}

/// Whoever gets the current password wrong hears nothing else. `session` is the one that stays
/// when the password changes.
pub async fn set_credential(
    services: &Services,
    ctx: &Context,
    user: &User,
    session: SessionId,
    current_password: &Password,
    new: &NewCredential,
) -> Result<User> {
    let asked = Reauthentication::CurrentPassword;
    services.prove_owner(ctx, user.id, asked, Some(current_password)).await?;
    let (change, password) = match new {
        NewCredential::Password(password) => (AccountChange::default(), Some(password)),
        NewCredential::Name(name) => (rename(name), None),
    };
    check(&ctx.policy, Some(user), &change, password).whole()?;
    let applied = Applied {
        user: user.id,
        gone: Refusal::AccountGone,
        change: &change,
        password,
        is_blocked: None,
        session: Some(session),
    };
    let may = |current: &User, _: &_| current.ensure_unchanged(user.security_version);
    apply(services, ctx, applied, may).await
}

/// What a name becomes that is one of the three.
pub(super) fn rename(name: &str) -> AccountChange {
    let (name, new) = (Change::Set(name.to_owned()), AccountChange::default());
    match Identifier::recognise(name.as_set().map_or("", String::as_str)).kind() {
        IdentifierKind::Email => AccountChange { email: name, ..new },
        IdentifierKind::Phone => AccountChange { phone: name, ..new },
        IdentifierKind::Username => AccountChange { username: name, ..new },
    }
}
