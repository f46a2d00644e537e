//! Register a new account.

use domain::password::Guess;
use domain::user::{Identifiers, guesses};
use domain::{
    AccountPolicy, Actor, Event, Field, FieldError, Password, Profile, Refusal, RoleName, Rule,
    User, UserId, text,
};
use storage::users::{self, NewUser};
use storage::{Tx, UniqueKey, passwords, roles};

use super::idempotency::Idempotency;
use super::identifiers::{NewIdentifiers, find_taken, keep, taken};
use super::newcomer::Newcomer;
use super::quiet::{hides_contacts, register_quietly};
use super::welcome::welcome;
use crate::audit::Values;
use crate::context::Context;
use crate::error::{Error, Fault, Result};
use crate::passwords::check_new;
use crate::services::Services;
use crate::verification::{Channel, promise_verification};

pub struct Register {
    pub identifiers: NewIdentifiers,
    pub password: Password,
    pub first_name: Option<String>,
    pub last_name: Option<String>,
    /// Beside `user`, which everybody has. Never filled from a request.
    pub roles: Vec<RoleName>,
    /// A client that got no answer asks again under the same key.
    pub idempotency_key: Option<String>,
}

/// What came of a registration, as far as it may be told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Registered {
    Made(User),
    /// As it would look if nobody holds its address or number: without its number, and whether
    /// there is such an account or not (REG-12).
    Accepted(User),
}

/// Registers; on surfaces that hide who is registered, says of nobody whether it did.
pub async fn register_or_accept(
    services: &Services,
    ctx: &Context,
    request: &Register,
) -> Result<Registered> {
    if hides_contacts(ctx, request) {
        return Ok(Registered::Accepted(Box::pin(register_quietly(services, ctx, request)).await?));
    }
    Ok(Registered::Made(Box::pin(register_openly(services, ctx, request)).await?))
}

/// Like [`register_or_accept`], for whoever shows both alike.
pub async fn register(services: &Services, ctx: &Context, request: &Register) -> Result<User> {
    match register_or_accept(services, ctx, request).await? {
        Registered::Made(user) | Registered::Accepted(user) => Ok(user),
    }
}

/// Answers a request that was answered before with the account that it made.
async fn register_openly(services: &Services, ctx: &Context, request: &Register) -> Result<User> {
    let Some(key) = &request.idempotency_key else {
        return register_once(services, ctx, request, None).await;
    };
    let idempotency = Idempotency::new(services, ctx, key, &request.parts())?;
    if let Some(user) = idempotency.find(services).await? {
        return Ok(user);
    }
    match register_once(services, ctx, request, Some(&idempotency)).await {
        // A rival under the same key was first.
        Err(Error::Fault(Fault::Storage(storage::Error::Conflict(UniqueKey::IdempotencyKey)))) => {
            Ok(idempotency.find(services).await?.ok_or(storage::Error::Stale)?)
        }
        outcome => outcome,
    }
}

/// Uniqueness is decided by the database's keys, not by looking first (REG-03, REG-10).
async fn register_once(
    services: &Services,
    ctx: &Context,
    request: &Register,
    idempotency: Option<&Idempotency>,
) -> Result<User> {
    let newcomer = admit(services, ctx, request).await?;
    let inserted = transact!(services, |tx| {
        if let Some(idempotency) = idempotency {
            idempotency.claim(ctx, tx, newcomer.id).await?;
        }
        insert(services, ctx, tx, &newcomer, &request.roles).await?
    });
    say_which_taken(services, &newcomer, inserted).await
}

/// Names the same identifiers on every backend, when some of the newcomer's are taken.
pub(crate) async fn say_which_taken<T>(
    services: &Services,
    newcomer: &Newcomer,
    inserted: Result<T>,
) -> Result<T> {
    match inserted {
        Err(Error::Refused(Refusal::IdentifierTaken(one))) => {
            let all = find_taken(services, &newcomer.identifiers).await?.unwrap_or(one);
            Err(Refusal::IdentifierTaken(all).into())
        }
        outcome => outcome,
    }
}

/// All that can be done before the transaction.
pub(crate) async fn admit(
    services: &Services,
    ctx: &Context,
    request: &Register,
) -> Result<Newcomer> {
    let (identifiers, profile, errors) = request.check(&ctx.policy);
    if !errors.is_empty() {
        return Err(Refusal::Invalid(errors).into());
    }

    let hash = services.hash(&request.password).await?;
    Ok(Newcomer::new(services, ctx, identifiers, profile, Some(hash)))
}

/// All that the transaction does. `granted` beside `user`, which everybody has.
pub(crate) async fn insert(
    services: &Services,
    ctx: &Context,
    tx: &mut Tx,
    newcomer: &Newcomer,
    granted: &[RoleName],
) -> Result<User> {
    let Newcomer { id, identifiers, told, profile, hash, has_shown_email } = newcomer;
    let id = *id;
    let is_own = ctx.actor == Actor::Anonymous;
    let ctx =
        &if ctx.actor == Actor::Anonymous { ctx.acting_as(Actor::User(id)) } else { ctx.clone() };
    let new = NewUser { id, identifiers, profile, now: ctx.now };
    // Which value it is, `say_which_taken` finds out.
    users::insert(tx, &new).await.map_err(|error| taken(error, ""))?;
    if let Some(hash) = hash {
        passwords::set(tx, id, hash.as_str(), ctx.now).await?;
    }
    let values = Values::of_new(told, profile);
    services.record_change(ctx, tx, id, &Event::UserRegistered, &values).await?;
    ctx.concerns(id);
    roles::grant(tx, id, &RoleName::new(RoleName::USER), ctx.now).await?;
    grant_roles(services, ctx, tx, id, granted).await?;
    if *has_shown_email {
        users::verify_email(tx, id, ctx.now).await?;
        services.record(ctx, tx, id, &Event::EmailVerified).await?;
    }
    let user = users::find(tx, id).await?.ok_or(storage::Error::Stale)?;
    for channel in Channel::ALL {
        promise_verification(services, ctx, tx, &user, channel).await?;
    }
    if is_own && (*has_shown_email || !ctx.policy.verifies_new_addresses) {
        welcome(services, ctx, tx, &user).await?;
    }
    Ok(user)
}

impl Register {
    /// What keeps the rules, and every rule that is broken.
    pub(super) fn check(&self, policy: &AccountPolicy) -> (Identifiers, Profile, Vec<FieldError>) {
        let mut errors = Vec::new();
        let identifiers = self.identifiers.check(policy, &mut errors);
        if identifiers.is_empty() && errors.is_empty() {
            errors.push(FieldError { field: Field::Identifier, rule: Rule::Required });
        }
        let profile = check_profile(self, policy, &mut errors);
        errors.extend(check_new(policy, &self.password, &self.guesses(&profile)));
        (identifiers, profile, errors)
    }

    /// What anyone could guess about the account to be.
    fn guesses<'a>(&'a self, profile: &'a Profile) -> Vec<Guess<'a>> {
        let NewIdentifiers { username, email, phone } = &self.identifiers;
        guesses(username.as_deref(), email.as_deref(), phone.as_deref(), profile)
    }

    /// All that tells this request from another.
    pub(super) fn parts(&self) -> [Option<&str>; 6] {
        let NewIdentifiers { username, email, phone } = &self.identifiers;
        let names = [&self.first_name, &self.last_name];
        let [username, email, phone] = [username, email, phone].map(Option::as_deref);
        let [first_name, last_name] = names.map(Option::as_deref);
        [username, email, phone, Some(self.password.reveal()), first_name, last_name]
    }
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
            let event = Event::RoleGranted { role: role.clone() };
            let held = roles::of_user(tx, id).await?.roles;
            let before: Vec<RoleName> = held.iter().filter(|it| *it != role).cloned().collect();
            let values = Values::of_roles(&before, &held);
            services.record_change(ctx, tx, id, &event, &values).await?;
        }
    }
    Ok(())
}

fn check_profile(
    request: &Register,
    policy: &AccountPolicy,
    errors: &mut Vec<FieldError>,
) -> Profile {
    let mut name = |field, value: &Option<String>| {
        let value = value.as_deref().unwrap_or_default();
        keep(field, text::parse_name(value), errors).unwrap_or_default()
    };
    Profile {
        first_name: name(Field::FirstName, &request.first_name),
        last_name: name(Field::LastName, &request.last_name),
        locale: policy.language.map(ToOwned::to_owned),
        metadata: "{}".to_owned(),
    }
}
