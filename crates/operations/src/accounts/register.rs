//! Register a new account.

use domain::user::context_words;
use domain::{
    Actor, Event, Field, FieldError, Password, Profile, Refusal, RoleName, Rule, User, UserId, text,
};
use storage::users::{self, NewUser};
use storage::{Tx, passwords, roles};

use super::identifiers::{NewIdentifiers, keep, taken};
use crate::context::Context;
use crate::error::Result;
use crate::passwords::check_new;
use crate::services::Services;

pub struct Register {
    pub identifiers: NewIdentifiers,
    pub password: Password,
    pub first_name: Option<String>,
    pub last_name: Option<String>,
    /// Beside `user`, which everybody has. Never filled from a request.
    pub roles: Vec<RoleName>,
}

/// Uniqueness is decided by the database's keys, not by looking first (REG-03, REG-10).
pub async fn register(services: &Services, ctx: &Context, request: &Register) -> Result<User> {
    let mut errors = Vec::new();
    let identifiers = request.identifiers.check(&ctx.policy, &mut errors);
    if identifiers.is_empty() && errors.is_empty() {
        errors.push(FieldError { field: Field::Identifier, rule: Rule::Required });
    }
    let profile = check_profile(request, &mut errors);
    let NewIdentifiers { username, email, phone } = &request.identifiers;
    let words = context_words(username.as_deref(), email.as_deref(), phone.as_deref(), &profile);
    errors.extend(check_new(&ctx.policy, &request.password, &words));
    if !errors.is_empty() {
        return Err(Refusal::Invalid(errors).into());
    }

    let hash = services.hash(&request.password).await?;
    let id = UserId::new(ctx.now, services.entropy.bytes());
    let ctx =
        &if ctx.actor == Actor::Anonymous { ctx.acting_as(Actor::User(id)) } else { ctx.clone() };
    let new = NewUser { id, identifiers: &identifiers, profile: &profile, now: ctx.now };
    transact!(services, |tx| {
        users::insert(tx, &new).await.map_err(taken)?;
        passwords::set(tx, id, hash.as_str(), ctx.now).await?;
        services.record(ctx, tx, id, &Event::UserRegistered).await?;
        roles::grant(tx, id, &RoleName::new(RoleName::USER), ctx.now).await?;
        grant_roles(services, ctx, tx, id, &request.roles).await?;
        users::find(tx, id).await?.ok_or(storage::Error::Stale)?
    })
}

async fn grant_roles(
    services: &Services,
    ctx: &Context,
    tx: &mut Tx,
    id: UserId,
    granted: &[RoleName],
) -> Result<()> {
    for role in granted {
        if !roles::exists(tx, role).await? {
            return Err(Refusal::RoleNotFound.into());
        }
        if roles::grant(tx, id, role, ctx.now).await? {
            services.record(ctx, tx, id, &Event::RoleGranted { role: role.clone() }).await?;
        }
    }
    Ok(())
}

fn check_profile(request: &Register, errors: &mut Vec<FieldError>) -> Profile {
    let mut name = |field, value: &Option<String>| {
        let value = value.as_deref().unwrap_or_default();
        keep(field, text::parse_name(value), errors).unwrap_or_default()
    };
    Profile {
        first_name: name(Field::FirstName, &request.first_name),
        last_name: name(Field::LastName, &request.last_name),
        locale: None,
        metadata: "{}".to_owned(),
    }
}
