//! One call of an administrator or the operator, from its beginning to its end (AUZ-09).
//!
//! Surfaces open and close calls where no single handler or command can forget it.

use std::sync::OnceLock;

use domain::{Actor, CallId, Refusal, UserId};
use storage::audit_calls::{self, BEGUN, NewCall};

use crate::context::Context;
use crate::error::Result;
use crate::limits::{Limit, admit};
use crate::services::Services;

/// What is stored of a subject, in characters.
const LONGEST_SUBJECT: usize = 64;
const DONE: &str = "done";
const TOO_OFTEN: &str = "too_many_requests";

#[derive(Debug)]
pub struct Call {
    action: String,
    changes: bool,
    /// What it is about, when that is no account.
    subject: OnceLock<String>,
    target: OnceLock<UserId>,
    opened: OnceLock<Opened>,
}

#[derive(Clone, Copy, Debug)]
struct Opened {
    actor: Actor,
    /// Of the row that says that it was begun.
    id: Option<CallId>,
}

impl Call {
    /// `action` is the stable name. What `changes` something is written down before it is done.
    pub fn new(action: String, changes: bool) -> Self {
        let (subject, target, opened) = (OnceLock::new(), OnceLock::new(), OnceLock::new());
        Self { action, changes, subject, target, opened }
    }

    /// The account that it is about; the first that is named.
    pub fn concerns(&self, user_id: UserId) {
        let _ = self.target.set(user_id);
    }

    /// What it is about, when that is no account. Kept of calls that were done: what was only asked
    /// for may be anything.
    pub fn names(&self, subject: &str) {
        if subject.len() <= LONGEST_SUBJECT && subject.is_ascii() {
            let _ = self.subject.set(subject.to_owned());
        }
    }

    fn subject_of(&self, outcome: &str) -> Option<&str> {
        self.subject.get().map(String::as_str).filter(|_| outcome == DONE)
    }

    /// Of its own row, if it is there already.
    pub(crate) fn id(&self) -> Option<CallId> {
        self.opened.get().and_then(|opened| opened.id)
    }
}

/// It is known who calls. What changes something is done only when this could be written.
pub async fn open(services: &Services, ctx: &Context) -> Result<()> {
    let Some(call) = &ctx.call else { return Ok(()) };
    if call.opened.get().is_some() {
        return Ok(());
    }
    let id = if call.changes { Some(write(services, ctx, call, BEGUN).await?) } else { None };
    let _ = call.opened.set(Opened { actor: ctx.actor, id });
    Ok(())
}

/// How it ended: none when it was done, else the code of the refusal. Nobody is answered before.
///
/// Who asks too often is not written down, or the trail would be the flood; strangers, whom no
/// permission limits, are counted by address for that.
pub async fn close(
    services: &Services,
    ctx: &Context,
    call: &Call,
    refused: Option<&str>,
) -> Result<()> {
    let outcome = refused.unwrap_or(DONE);
    match call.opened.get() {
        Some(Opened { id: Some(id), .. }) => {
            let target = call.target.get().copied();
            let subject = call.subject_of(outcome);
            transact!(services, |tx| {
                audit_calls::complete(tx, *id, outcome, target, subject).await?;
            })
        }
        _ if outcome == TOO_OFTEN => Ok(()),
        Some(Opened { actor, id: None }) => {
            write(services, &ctx.acting_as(*actor), call, outcome).await.map(drop)
        }
        None => {
            let address = ctx.client.address.as_deref().and_then(|text| text.parse().ok());
            let admitted = admit(services, ctx.policy.surface, Limit::Admin, address).await;
            if !admitted.may {
                let retry_after = admitted.retry_after;
                return Err(Refusal::TooManyRequests { retry_after }.into());
            }
            write(services, ctx, call, outcome).await.map(drop)
        }
    }
}

async fn write(services: &Services, ctx: &Context, call: &Call, outcome: &str) -> Result<CallId> {
    let id = CallId::new(ctx.now, services.order.next(&*services.entropy));
    let new = NewCall {
        id,
        action: &call.action,
        actor: ctx.actor,
        target: call.target.get().copied(),
        subject: call.subject_of(outcome),
        outcome,
        surface: ctx.policy.surface,
        request_id: ctx.request_id.as_deref(),
        address: ctx.client.address.as_deref(),
        agent: ctx.client.agent.as_deref(),
        now: ctx.now,
    };
    let written: Result<()> = transact!(services, |tx| { audit_calls::insert(tx, &new).await? });
    written.map(|()| id)
}
