//! Register without telling who is registered already (REG-12, REG-13, docs/decisions/0027).
//!
//! Both ways take the same steps: where the address is taken, the same rows are written under no
//! name and taken back in the same transaction, and the owner is told instead of the newcomer. No
//! waiting makes them alike.

use std::time::Duration;

use domain::policy::TakenContact;
use domain::user::Identifiers;
use domain::{
    Identifier, IdentifierKind, Refusal, RoleName, Status, Taken, User, UserId, Username,
};
use storage::{Tx, UniqueKey, audit_values, events, notices, passwords, roles, user_keys, users};
use uuid::Uuid;

use super::idempotency::Idempotency;
use super::newcomer::Newcomer;
use super::register::{Register, admit, insert};
use super::welcome::WELCOME;
use crate::confirmations::{Address, Recipient, admit_attempt, admit_unasked};
use crate::context::Context;
use crate::error::{Error, Fault, Result};
use crate::jobs::{self, Envelope, Job};
use crate::mail::Message;
use crate::services::Services;
use crate::verification::pretend_verification;

/// Owners are told once a day, however often somebody tries.
const QUIET: Duration = Duration::from_hours(24);
const ALREADY_REGISTERED: &str = "already_registered";

/// Whether nobody is to learn from this registration who has its address or its number. A username
/// hides nothing: it is there to be seen (security.md §5.4).
pub(crate) fn hides_contacts(ctx: &Context, request: &Register) -> bool {
    let has_contact = request.identifiers.email.is_some() || request.identifiers.phone.is_some();
    has_contact && ctx.policy.taken_contact == TakenContact::Hidden
}

/// Answers the account as it would look. Only a username is said to be taken.
pub(crate) async fn register_quietly(
    services: &Services,
    ctx: &Context,
    request: &Register,
) -> Result<User> {
    let key = request.idempotency_key.as_deref();
    let idempotency =
        key.map(|key| Idempotency::new(services, ctx, key, &request.parts())).transpose()?;
    if let Some(idempotency) = &idempotency
        && idempotency.is_answered(services).await?
    {
        let (identifiers, profile, _) = request.check(&ctx.policy);
        let id = UserId::new(ctx.now, services.entropy.bytes());
        return Ok(shown(ctx, id, &identifiers, profile));
    }
    let newcomer = admit(services, ctx, request).await?;
    let written: Result<()> = transact!(services, |tx| {
        if let Some(idempotency) = &idempotency {
            idempotency.claim(ctx, tx, newcomer.id).await?;
        }
        write(services, ctx, tx, &newcomer, &request.roles).await?;
    });
    match (written, &idempotency) {
        // A rival under the same key was first.
        (
            Err(Error::Fault(Fault::Storage(storage::Error::Conflict(UniqueKey::IdempotencyKey)))),
            Some(idempotency),
        ) => {
            idempotency.is_answered(services).await?;
        }
        (written, _) => written?,
    }
    Ok(shown(ctx, newcomer.id, &newcomer.identifiers, newcomer.profile))
}

async fn write(
    services: &Services,
    ctx: &Context,
    tx: &mut Tx,
    newcomer: &Newcomer,
    granted: &[RoleName],
) -> Result<()> {
    let Identifiers { username, email, phone } = &newcomer.identifiers;
    if let Some(username) = username
        && find_holder(tx, IdentifierKind::Username, username.as_str()).await?.is_some()
    {
        return Err(username_taken(username).into());
    }
    let mut holder = None;
    for (kind, text) in [
        email.as_ref().map(|email| (IdentifierKind::Email, email.as_str())),
        phone.as_ref().map(|phone| (IdentifierKind::Phone, phone.as_str())),
    ]
    .into_iter()
    .flatten()
    {
        holder = holder.or(find_holder(tx, kind, text).await?);
    }
    let nameless = Identifiers::default();
    let identifiers = if holder.is_some() { &nameless } else { &newcomer.identifiers };
    let written = Newcomer {
        id: newcomer.id,
        identifiers: identifiers.clone(),
        told: newcomer.told.clone(),
        profile: newcomer.profile.clone(),
        hash: newcomer.hash.clone(),
        has_shown_email: false,
    };
    insert(services, ctx, tx, &written, granted)
        .await
        .map_err(|error| look_again(error, username.as_ref()))?;
    take_back(tx, holder.map_or(UserId(Uuid::nil()), |_| newcomer.id)).await?;
    if holder.is_some() {
        pretend_verification(services, ctx, tx, email.as_ref(), phone.as_ref()).await?;
    }
    tell(services, ctx, tx, newcomer.id, holder).await
}

async fn find_holder(tx: &mut Tx, kind: IdentifierKind, text: &str) -> Result<Option<UserId>> {
    Ok(users::find_holder(tx, &Identifier::of_kind(kind, text)).await?)
}

fn username_taken(username: &Username) -> Refusal {
    Refusal::IdentifierTaken(Taken::one(IdentifierKind::Username, username.as_str()))
}

/// Somebody took the identifier since we looked. Of an address or a number nothing is said: who
/// begins again finds its holder.
fn look_again(error: Error, username: Option<&Username>) -> Error {
    match (error, username) {
        (Error::Refused(Refusal::IdentifierTaken(taken)), Some(username))
            if taken.kind() == IdentifierKind::Username =>
        {
            username_taken(username).into()
        }
        (Error::Refused(Refusal::IdentifierTaken(_)), _) => storage::Error::Stale.into(),
        (error, _) => error,
    }
}

/// What [`insert`] wrote; of nobody where it is to stay.
async fn take_back(tx: &mut Tx, id: UserId) -> Result<()> {
    audit_values::delete_of_user(tx, id).await?;
    user_keys::delete_of_user(tx, id).await?;
    events::take_back(tx, id).await?;
    roles::revoke_all(tx, id).await?;
    passwords::delete(tx, id).await?;
    Ok(users::take_back(tx, id).await?)
}

/// The owner, or the newcomer. Where no mail is due, as good as one is promised.
async fn tell(
    services: &Services,
    ctx: &Context,
    tx: &mut Tx,
    newcomer: UserId,
    holder: Option<UserId>,
) -> Result<()> {
    let (id, kind) = holder.map_or((newcomer, WELCOME), |holder| (holder, ALREADY_REGISTERED));
    let user = users::find_locked(tx, id).await?.ok_or(storage::Error::Stale)?;
    let is_due = notices::claim_evenly(tx, id, kind, ctx.now, ctx.now - QUIET).await?;
    let name = user.display_name().to_owned();
    let message = match holder {
        Some(_) => Message::AlreadyRegistered { name },
        None => Message::Welcome { name },
    };
    let job = mail_if(services, ctx, tx, id, Some(&user).filter(|_| is_due), message).await?;
    jobs::promise(services, ctx, tx, job, ctx.now).await
}

/// What the owner of an address hears of somebody who would register it, at most once a day; of one
/// that nobody holds, none. The same steps for both: `nobody` is the account that may be made.
pub(crate) async fn notice_of_attempt(
    services: &Services,
    ctx: &Context,
    tx: &mut Tx,
    named: &Identifier,
    nobody: UserId,
) -> Result<Option<Job>> {
    let holder = users::find_holder(tx, named).await?;
    let id = holder.unwrap_or(nobody);
    let user = users::find_locked(tx, id).await?;
    let is_due = admit_attempt(services, ctx, tx, id, holder.is_some()).await?;
    let name = user.as_ref().map(|user| user.display_name().to_owned()).unwrap_or_default();
    let message = Message::AlreadyRegistered { name };
    let job = mail_if(services, ctx, tx, id, user.as_ref().filter(|_| is_due), message).await?;
    Ok(holder.map(|_| job))
}

/// A mail to `user` where there is one that may be told; else as good as one.
async fn mail_if(
    services: &Services,
    ctx: &Context,
    tx: &mut Tx,
    id: UserId,
    user: Option<&User>,
    message: Message,
) -> Result<Job> {
    // Who deleted the account heard then how to restore it.
    let user = user.filter(|user| user.is_present());
    let address = user.and_then(Address::email_of);
    let nobody = Identifier::of_kind(IdentifierKind::Username, &id.to_string());
    let to = address.as_ref().map_or(Recipient::Nobody(&nobody), Recipient::At);
    let may = admit_unasked(services, ctx, tx, to).await?;
    Ok(match user.zip(address).filter(|_| may) {
        Some((user, address)) => {
            let to = address.shown().to_owned();
            let envelope = Envelope::new(services, ctx, user, to, message);
            Job::DeliverMail { user_id: id, envelope }
        }
        None => Job::Rest { user_id: id },
    })
}

/// Made of the request alone: nothing in it depends on who is registered.
fn shown(ctx: &Context, id: UserId, identifiers: &Identifiers, profile: domain::Profile) -> User {
    let Identifiers { username, email, phone } = identifiers;
    User {
        id,
        number: 0,
        username: username.as_ref().map(|name| name.as_str().to_owned()),
        email: email.as_ref().map(|email| email.as_str().to_owned()),
        email_verified: false,
        pending_email: None,
        phone: phone.as_ref().map(|phone| phone.as_str().to_owned()),
        phone_verified: false,
        profile,
        status: Status::Active,
        roles: vec![RoleName::new(RoleName::USER)],
        permissions: Vec::new(),
        created_at: ctx.now,
        updated_at: ctx.now,
        last_login_at: None,
        version: 1,
        security_version: 1,
        roles_version: 1,
    }
}
