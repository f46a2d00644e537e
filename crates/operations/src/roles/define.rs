//! Make a role, change it, delete it.

use domain::role::{parse_description, parse_role_permissions};
use domain::{Field, FieldError, Permission, Refusal, Role, RoleName, Rule, User, UserId};
use storage::{Tx, revocations, role_definitions, role_departures, roles};
use uuid::Uuid;

use super::tell::Holders;
use crate::accounts::MOST_IN_BULK as MOST;
use crate::audit::Values;
use crate::authority;
use crate::context::Context;
use crate::error::Result;
use crate::jobs::{self, Job};
use crate::services::Services;

/// As asked for, unchecked.
#[derive(Clone, Debug, Default)]
pub struct NewRole {
    pub name: String,
    pub description: String,
    /// Their names.
    pub permissions: Vec<String>,
}

/// What is absent stays.
#[derive(Clone, Debug, Default)]
pub struct RoleChange {
    pub description: Option<String>,
    pub permissions: Option<Vec<String>>,
}

pub async fn create(services: &Services, ctx: &Context, request: &NewRole) -> Result<Role> {
    let created: Result<Role> = transact!(services, |tx| {
        let asking = asking(services, ctx, tx).await?;
        let role = request.check()?;
        ensure_may_define(asking.as_ref(), &role.permissions)?;
        if roles::exists(tx, &role.name).await? {
            return Err(Refusal::RoleNameTaken.into());
        }
        role_definitions::insert(tx, &role.name, &role.description).await?;
        for permission in &role.permissions {
            role_definitions::permit(tx, &role.name, *permission).await?;
        }
        note(services, ctx, tx, None, Some(&role)).await?;
        role
    });
    let role = created?;
    tell_log(ctx, &role, "role made");
    Ok(role)
}

/// What it permits is felt at once by whoever asks for something, and within a second by whoever
/// reads what is theirs; access tokens of its holders are refused bit by bit
/// (docs/decisions/0028).
pub async fn update(
    services: &Services,
    ctx: &Context,
    name: &RoleName,
    request: &RoleChange,
) -> Result<Role> {
    let updated: Result<Role> = transact!(services, |tx| {
        let asking = asking(services, ctx, tx).await?;
        let role = role_definitions::find_locked(tx, name).await?.ok_or(Refusal::RoleNotFound)?;
        ensure_may_define(asking.as_ref(), &role.permissions)?;
        let new = request.check(&role)?;
        ensure_may_define(asking.as_ref(), &new.permissions)?;
        if role.description != new.description {
            role_definitions::describe(tx, name, &new.description).await?;
        }
        if role.permissions != new.permissions {
            redefine(services, ctx, tx, &role, &new).await?;
        }
        note(services, ctx, tx, Some(&role), Some(&new)).await?;
        new
    });
    let role = updated?;
    tell_log(ctx, &role, "role changed");
    Ok(role)
}

/// One that somebody holds only when `from_all` is said: it is then taken from everybody at once.
/// From more than [`MOST`] it is taken in bulk first, part by part.
pub async fn delete(
    services: &Services,
    ctx: &Context,
    name: &RoleName,
    from_all: bool,
) -> Result<()> {
    let deleted: Result<Role> = transact!(services, |tx| {
        let asking = asking(services, ctx, tx).await?;
        let role = role_definitions::find_locked(tx, name).await?.ok_or(Refusal::RoleNotFound)?;
        ensure_may_define(asking.as_ref(), &role.permissions)?;
        if role.is_built_in {
            return Err(Refusal::RoleBuiltIn.into());
        }
        ensure_deletable(tx, name, from_all).await?;
        let generation = role_definitions::advance(tx).await?;
        if role_departures::take_from_all(tx, generation, name).await? > 0 {
            let job = Job::TellDeparted { generation };
            jobs::promise(services, ctx, tx, job, ctx.now).await?;
        }
        role_definitions::delete(tx, name).await?;
        note(services, ctx, tx, Some(&role), None).await?;
        role
    });
    tell_log(ctx, &deleted?, "role deleted");
    Ok(())
}

/// All of them are written in one transaction, which must not hold others up.
async fn ensure_deletable(tx: &mut Tx, name: &RoleName, from_all: bool) -> Result<()> {
    let too_many = i64::try_from(MOST).unwrap_or(i64::MAX).saturating_add(1);
    let most = if from_all { too_many } else { 1 };
    match roles::count_holders(tx, name, most).await? {
        0 => Ok(()),
        _ if !from_all => Err(Refusal::RoleHeld.into()),
        count if count < too_many => Ok(()),
        _ => Err(Refusal::SelectionTooLarge { most: MOST }.into()),
    }
}

async fn asking(services: &Services, ctx: &Context, tx: &mut Tx) -> Result<Option<User>> {
    let asking = authority::asking(ctx, tx, Permission::RolesManage).await?;
    authority::ensure_fresh(services, ctx)?;
    Ok(asking)
}

/// Nobody makes or changes a role that permits more than he may himself (AUZ-05).
fn ensure_may_define(asking: Option<&User>, permissions: &[Permission]) -> Result<(), Refusal> {
    asking.map_or(Ok(()), |asking| authority::ensure_holds(asking, permissions))
}

async fn redefine(
    services: &Services,
    ctx: &Context,
    tx: &mut Tx,
    old: &Role,
    new: &Role,
) -> Result<()> {
    for permission in old.permissions.iter().filter(|old| !new.permissions.contains(old)) {
        // Nobody could give it back.
        if old.name.is_admin() {
            return Err(Refusal::RoleBuiltIn.into());
        }
        role_definitions::forbid(tx, &old.name, *permission).await?;
    }
    for permission in new.permissions.iter().filter(|new| !old.permissions.contains(new)) {
        role_definitions::permit(tx, &old.name, *permission).await?;
    }
    role_definitions::advance(tx).await?;
    let changed_at = revocations::now(tx).await?;
    let holders = Holders::all(&old.name, changed_at);
    jobs::promise(services, ctx, tx, Job::TellHolders(holders), ctx.now).await
}

impl NewRole {
    fn check(&self) -> Result<Role, Refusal> {
        let mut errors = Vec::new();
        let mut note = |field, rule: Rule| errors.push(FieldError { field, rule });
        let name = RoleName::parse(&self.name).map_err(|rule| note(Field::RoleName, rule));
        let description = check_description(&self.description, &mut note);
        let permissions = check_permissions(&self.permissions, &mut note);
        match (name, errors.is_empty()) {
            (Ok(name), true) => Ok(Role { name, description, permissions, is_built_in: false }),
            (Ok(_) | Err(()), _) => Err(Refusal::Invalid(errors)),
        }
    }
}

impl RoleChange {
    fn check(&self, role: &Role) -> Result<Role, Refusal> {
        let mut errors = Vec::new();
        let mut note = |field, rule: Rule| errors.push(FieldError { field, rule });
        let description = match &self.description {
            Some(description) => check_description(description, &mut note),
            None => role.description.clone(),
        };
        let permissions = match &self.permissions {
            Some(permissions) => check_permissions(permissions, &mut note),
            None => role.permissions.clone(),
        };
        if errors.is_empty() {
            Ok(Role { description, permissions, ..role.clone() })
        } else {
            Err(Refusal::Invalid(errors))
        }
    }
}

fn check_description(text: &str, note: &mut impl FnMut(Field, Rule)) -> String {
    parse_description(text).map_err(|rule| note(Field::Description, rule)).unwrap_or_default()
}

fn check_permissions(names: &[String], note: &mut impl FnMut(Field, Rule)) -> Vec<Permission> {
    parse_role_permissions(names).unwrap_or_else(|rules| {
        for rule in rules {
            note(Field::Permissions, rule);
        }
        Vec::new()
    })
}

/// Roles are no accounts, of which events tell.
async fn note(
    services: &Services,
    ctx: &Context,
    tx: &mut Tx,
    before: Option<&Role>,
    after: Option<&Role>,
) -> Result<()> {
    let Some(role) = before.or(after) else { return Ok(()) };
    services.note_change(ctx, tx, role.name.as_str(), &Values::of_role(before, after)).await
}

fn tell_log(ctx: &Context, role: &Role, what: &'static str) {
    let permissions: Vec<&str> = role.permissions.iter().map(|may| may.as_str()).collect();
    let by = ctx.actor.user_id().map_or(Uuid::nil(), |UserId(id)| id);
    tracing::info!(role = %role.name, permissions = permissions.join(" "), by = ctx.actor.as_str(), account = %by, "{what}");
}
