//! Doing what a source may ask for: with the row of the inbox and the call of the audit trail, all of
//! it or nothing.

use std::sync::Arc;

use domain::token::SecretToken;
use domain::{CallId, Refusal, User};
use storage::audit_calls::{self, NewCall};
use storage::{Tx, UniqueKey, users};

use super::carry_out::Outcome;
use super::command::Command;
use super::dead_letter::DeadLetter;
use super::inbox::{APPLIED, Entry};
use super::order::Order;
use super::source::Source;
use crate::accounts::{UpdateOther, block_in, delete_in, unblock_in, update_other_in};
use crate::authority::ensure_source_not_above;
use crate::context::{Client, Context};
use crate::error::{Error, Fault, Result};
use crate::roles::grant_in;
use crate::services::Services;
use crate::tokens::new_restoration;

/// What the audit trail says of a call that was done.
const DONE: &str = "done";
/// As long as events hold.
const LONGEST_REQUEST_ID: usize = 64;

pub(super) async fn apply(
    services: &Services,
    source: &Source,
    entry: &Entry,
    message_id: &str,
    order: &Order,
) -> Result<Outcome> {
    let request_id = (message_id.len() <= LONGEST_REQUEST_ID).then(|| Arc::from(message_id));
    let ctx = &services.native(Client::default(), request_id).acting_as(source.actor());
    let token = new_restoration(&*services.entropy);
    let kind = order.command.kind();
    let applied: Result<Outcome> = transact!(services, |tx| {
        entry.claim(tx, kind, APPLIED, ctx.now).await?;
        let is_changed = change(services, ctx, tx, source, order, &token).await?;
        note(services, ctx, tx, source, order, DONE).await?;
        if is_changed {
            Outcome::Applied
        } else {
            entry.changed_nothing(tx).await?;
            Outcome::Unchanged
        }
    });
    let settled = match applied {
        Err(Error::Refused(refusal)) => {
            // Nothing is left of what was tried but that it was refused.
            transact!(services, |tx| {
                entry.claim(tx, kind, refusal.code(), ctx.now).await?;
                note(services, ctx, tx, source, order, refusal.code()).await?;
                Outcome::SetAside(DeadLetter::refused(&refusal))
            })
        }
        settled => settled,
    };
    match settled {
        // A rival with the same message was first.
        Err(Error::Fault(Fault::Storage(storage::Error::Conflict(UniqueKey::Command)))) => {
            let mut read = services.store.read().await?;
            Ok(entry.repeated(&mut read).await?.ok_or(storage::Error::Stale)?)
        }
        settled => settled,
    }
}

/// Whether anything is other than before.
async fn change(
    services: &Services,
    ctx: &Context,
    tx: &mut Tx,
    source: &Source,
    order: &Order,
    token: &SecretToken,
) -> Result<bool> {
    let id = order.user;
    let before = users::find_locked(tx, id).await?.ok_or(Refusal::UserNotFound)?;
    ensure_source_not_above(source, &before)?;
    let is_changed = |after: User| after.version != before.version;
    Ok(match &order.command {
        Command::Block(terms) => is_changed(block_in(services, ctx, tx, id, terms).await?),
        Command::Unblock => is_changed(unblock_in(services, ctx, tx, id).await?),
        Command::Delete => delete_in(services, ctx, tx, id, token).await?.is_some(),
        Command::GrantRole(role) => is_changed(grant_in(services, ctx, tx, id, role).await?),
        Command::UpdateProfile(change) => {
            let request = UpdateOther { change: change.clone(), ..UpdateOther::default() };
            is_changed(update_other_in(services, ctx, tx, id, &request).await?)
        }
    })
}

/// In the audit trail, with the name of the source as what the call is about beside the account.
async fn note(
    services: &Services,
    ctx: &Context,
    tx: &mut Tx,
    source: &Source,
    order: &Order,
    outcome: &str,
) -> Result<()> {
    let call = NewCall {
        id: CallId::new(ctx.now, services.order.next(&*services.entropy)),
        action: order.command.kind().action(),
        actor: ctx.actor,
        target: Some(order.user),
        subject: Some(&source.name),
        outcome,
        surface: ctx.policy.surface,
        request_id: ctx.request_id.as_deref(),
        address: None,
        agent: None,
        now: ctx.now,
    };
    Ok(audit_calls::insert(tx, &call).await?)
}
