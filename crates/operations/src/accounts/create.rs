//! Make an account for somebody else.

use domain::{Field, FieldError, Password, Permission, Profile, Refusal, RoleName, Rule, User};

use super::identifiers::NewIdentifiers;
use super::newcomer::Newcomer;
use super::register::{insert, say_which_taken};
use super::update::{AccountChange, Change, check_profile};
use crate::authority;
use crate::context::Context;
use crate::error::Result;
use crate::passwords::check_new;
use crate::roles::ensure_may_give;
use crate::services::Services;

#[derive(Debug, Default)]
pub struct Create {
    pub identifiers: NewIdentifiers,
    pub first_name: Option<String>,
    pub last_name: Option<String>,
    pub locale: Option<String>,
    /// A JSON object, as text.
    pub metadata: Option<String>,
    /// Beside `user`, which everybody has.
    pub roles: Vec<RoleName>,
    /// Without one nobody signs in until it is set.
    pub password: Option<Password>,
}

/// Nothing is verified yet. Whoever gives roles holds what they permit, and may grant.
pub async fn create(services: &Services, ctx: &Context, request: &Create) -> Result<User> {
    let needed = Permission::UsersWrite;
    let asking = authority::asking(ctx, &mut services.store.read().await?, needed).await?;
    if let Some(asking) = asking.as_ref().filter(|_| !request.roles.is_empty()) {
        authority::ensure_may(asking, Permission::RolesGrant)?;
        authority::ensure_fresh(services, ctx)?;
    }
    let newcomer = admit(services, ctx, request).await?;
    let inserted = transact!(services, |tx| {
        let asking = authority::asking(ctx, tx, needed).await?;
        for role in &request.roles {
            ensure_may_give(tx, asking.as_ref(), role).await?;
        }
        insert(services, ctx, tx, &newcomer, &request.roles).await?
    });
    say_which_taken(services, &newcomer, inserted).await
}

/// All that can be done before the transaction.
async fn admit(services: &Services, ctx: &Context, request: &Create) -> Result<Newcomer> {
    let mut errors = Vec::new();
    let identifiers = request.identifiers.check(&ctx.policy, &mut errors);
    if identifiers.is_empty() && errors.is_empty() {
        errors.push(FieldError { field: Field::Identifier, rule: Rule::Required });
    }
    let nothing = Profile { metadata: "{}".to_owned(), ..Profile::default() };
    let profile = check_profile(&nothing, &request.profile(), &mut errors);
    if let Some(password) = &request.password {
        let NewIdentifiers { username, email, phone } = &request.identifiers;
        let [username, email, phone] = [username, email, phone].map(Option::as_deref);
        let known = domain::user::guesses(username, email, phone, &profile);
        errors.extend(check_new(&ctx.policy, password, &known));
    }
    if !errors.is_empty() {
        return Err(Refusal::Invalid(errors).into());
    }
    let hash = match &request.password {
        Some(password) => Some(services.hash(password).await?),
        None => None,
    };
    Ok(Newcomer::new(services, ctx, identifiers, profile, hash))
}

impl Create {
    fn profile(&self) -> AccountChange {
        let set = |value: &Option<String>| value.clone().map_or(Change::Keep, Change::Set);
        AccountChange {
            first_name: set(&self.first_name),
            last_name: set(&self.last_name),
            locale: set(&self.locale),
            metadata: set(&self.metadata),
            ..AccountChange::default()
        }
    }
}
