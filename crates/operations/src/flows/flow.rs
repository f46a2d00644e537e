//! A flow between two of its steps.

use aws_lc_rs::digest;
use data_encoding::BASE64URL_NOPAD;
use domain::flow::{FLOW_LIFETIME, FlowKind, FlowStep};
use domain::token::SecretToken;
use domain::{Refusal, UserId};
use serde::Serialize;
use serde::de::DeserializeOwned;
use storage::Tx;
use storage::flows::{self, Flow, Place};

use crate::context::Context;
use crate::error::{Fault, Result};
use crate::services::Services;

const SEAL: &str = "flow";

/// A step of a flow: what is asked for, or what comes next.
#[derive(Clone, Copy)]
pub(super) struct Step(pub(super) FlowKind, pub(super) FlowStep);

/// The key as somebody shows it.
pub struct ShownKey {
    pub key: SecretToken,
    /// Whether somebody else may have brought it to whoever shows it, as cookies can be.
    pub may_be_planted: bool,
}

/// Where a flow goes on.
pub(super) struct Moved<'a> {
    pub(super) step: FlowStep,
    pub(super) key_hash: &'a [u8],
}

/// A flow that is where it has to be.
pub(super) struct Found<T> {
    pub(super) key_hash: Vec<u8>,
    pub(super) user_id: Option<UserId>,
    /// What the steps before said.
    pub(super) detail: T,
}

impl Step {
    /// That it is not its turn.
    pub(super) const fn missing(self) -> Refusal {
        Refusal::StepMissing(self.0, self.1)
    }
}

impl ShownKey {
    /// Of the step after one that proves something: whoever planted this one gains nothing by it
    /// (LGN-11). A client that keeps the key itself keeps it.
    pub(super) fn next(&self, services: &Services) -> SecretToken {
        if self.may_be_planted { new_key(services) } else { self.key.clone() }
    }
}

/// 256 bits.
pub(super) fn new_key(services: &Services) -> SecretToken {
    SecretToken::new(BASE64URL_NOPAD.encode(&services.entropy.bytes::<32>()))
}

/// The first step is done; `detail` has to be known at the next one, that of the code.
pub(super) async fn begin(
    services: &Services,
    ctx: &Context,
    tx: &mut Tx,
    key: &SecretToken,
    kind: FlowKind,
    user_id: Option<UserId>,
    detail: &impl Serialize,
) -> Result<()> {
    let key_hash = hash(key);
    let place = place(ctx, Step(kind, FlowStep::Code), &key_hash);
    let flow = Flow { user_id, sealed: seal(services, detail)? };
    Ok(flows::insert(tx, place, &flow, ctx.now + FLOW_LIFETIME).await?)
}

/// Refuses who has no such flow, or is not so far, or farther.
pub(super) async fn find<T: DeserializeOwned>(
    services: &Services,
    ctx: &Context,
    tx: &mut Tx,
    step: Step,
    key: Option<&SecretToken>,
) -> Result<Found<T>> {
    let key_hash = hash(key.ok_or_else(|| step.missing())?);
    let found = flows::find(tx, place(ctx, step, &key_hash), ctx.now).await?;
    let Flow { user_id, sealed } = found.ok_or_else(|| step.missing())?;
    let plain = services.vault.open(SEAL, &sealed)?;
    let detail = serde_json::from_slice(&plain).map_err(Fault::Encoding)?;
    Ok(Found { key_hash, user_id, detail })
}

/// The next step may come, for as long as a flow waits.
pub(super) async fn go_on(
    services: &Services,
    ctx: &Context,
    tx: &mut Tx,
    key_hash: &[u8],
    to: Moved<'_>,
    detail: &impl Serialize,
) -> Result<()> {
    let sealed = seal(services, detail)?;
    let expires_at = ctx.now + FLOW_LIFETIME;
    let Moved { step, key_hash: next } = to;
    Ok(flows::go_on(tx, key_hash, next, step, &sealed, expires_at).await?)
}

/// There is no such flow any more.
pub(super) async fn end(tx: &mut Tx, key: Option<&SecretToken>) -> Result<()> {
    match key {
        Some(key) => end_at(tx, &hash(key)).await,
        None => Ok(()),
    }
}

pub(super) async fn end_at(tx: &mut Tx, key_hash: &[u8]) -> Result<()> {
    Ok(flows::delete(tx, key_hash).await?)
}

fn place<'a>(ctx: &Context, Step(kind, step): Step, key_hash: &'a [u8]) -> Place<'a> {
    Place { key_hash, surface: ctx.policy.surface, kind, step }
}

/// A plain digest is enough: nobody guesses 256 bits.
pub(super) fn hash(key: &SecretToken) -> Vec<u8> {
    digest::digest(&digest::SHA256, key.reveal().as_bytes()).as_ref().to_vec()
}

fn seal(services: &Services, detail: &impl Serialize) -> Result<Vec<u8>> {
    services.vault.seal(SEAL, &serde_json::to_vec(detail).map_err(Fault::Encoding)?)
}
