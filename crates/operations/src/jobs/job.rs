//! The jobs there are, and how they are promised.

use domain::{JobId, Timestamp, User, UserId};
use serde::{Deserialize, Serialize};
use storage::Tx;
use storage::jobs::{self, NewJob};
use uuid::Uuid;

use crate::context::Context;
use crate::error::{Fault, Result};
use crate::mail::Message;
use crate::services::Services;

/// Sealed in the database: it names people and carries secrets.
pub(super) const SEAL: &str = "job";

#[derive(Serialize, Deserialize)]
#[serde(tag = "job", rename_all = "snake_case")]
pub(super) enum Payload {
    DeliverMail { to: String, locale: Option<String>, message: Message },
    PurgeAccount { user_id: Uuid },
    Rest,
    Sweep,
}

/// A piece of work. Running it twice does no harm.
pub(crate) enum Job {
    DeliverMail {
        user_id: UserId,
        to: String,
        locale: Option<String>,
        message: Message,
    },
    PurgeAccount {
        user_id: UserId,
        purge_at: Timestamp,
    },
    /// Nothing to do: promised where otherwise its absence would tell something.
    Rest {
        user_id: UserId,
    },
    /// Forgets what is over: finished jobs, expired sessions.
    Sweep {
        at: Timestamp,
    },
}

/// The key of the one purge that waits for this deletion.
pub(crate) fn purge_key(user_id: UserId, purge_at: Timestamp) -> String {
    format!("purge:{user_id}:{}", purge_at.as_micros())
}

/// Adds `job` to the transaction that wants it, due at `run_at`.
pub(crate) async fn promise(
    services: &Services,
    ctx: &Context,
    tx: &mut Tx,
    job: Job,
    run_at: Timestamp,
) -> Result<()> {
    let unique_key = job.unique_key();
    let (kind, user_id, max_attempts) = (job.kind(), job.user_id(), job.max_attempts());
    let payload = serde_json::to_vec(&job.into_payload()).map_err(Fault::Encoding)?;
    let new = NewJob {
        id: JobId::new(ctx.now, services.entropy.bytes()),
        kind,
        unique_key: unique_key.as_deref(),
        payload: &services.vault.seal(SEAL, &payload)?,
        user_id,
        run_at,
        max_attempts,
        now: ctx.now,
    };
    Ok(jobs::insert(tx, &new).await?)
}

/// Adds a mail to the owner, if there is an address.
pub(crate) async fn promise_mail(
    services: &Services,
    ctx: &Context,
    tx: &mut Tx,
    user: &User,
    message: Message,
) -> Result<()> {
    let Some(to) = user.email.clone() else { return Ok(()) };
    let locale = user.profile.locale.clone();
    let mail = Job::DeliverMail { user_id: user.id, to, locale, message };
    promise(services, ctx, tx, mail, ctx.now).await
}

impl Job {
    const fn kind(&self) -> &'static str {
        match self {
            Self::DeliverMail { .. } => "deliver_mail",
            Self::PurgeAccount { .. } => "purge_account",
            Self::Rest { .. } => "rest",
            Self::Sweep { .. } => "sweep",
        }
    }

    const fn user_id(&self) -> Option<UserId> {
        match self {
            Self::DeliverMail { user_id, .. }
            | Self::PurgeAccount { user_id, .. }
            | Self::Rest { user_id } => Some(*user_id),
            Self::Sweep { .. } => None,
        }
    }

    fn unique_key(&self) -> Option<String> {
        match self {
            Self::DeliverMail { .. } | Self::Rest { .. } => None,
            Self::PurgeAccount { user_id, purge_at } => Some(purge_key(*user_id, *purge_at)),
            Self::Sweep { at } => Some(format!("sweep:{}", at.as_seconds())),
        }
    }

    /// With the back-off of `run`, a mail is tried for about a day and a half.
    const fn max_attempts(&self) -> i64 {
        match self {
            Self::DeliverMail { .. } | Self::Rest { .. } => 20,
            Self::PurgeAccount { .. } | Self::Sweep { .. } => 100,
        }
    }

    fn into_payload(self) -> Payload {
        match self {
            Self::DeliverMail { to, locale, message, .. } => {
                Payload::DeliverMail { to, locale, message }
            }
            Self::PurgeAccount { user_id, .. } => Payload::PurgeAccount { user_id: user_id.0 },
            Self::Rest { .. } => Payload::Rest,
            Self::Sweep { .. } => Payload::Sweep,
        }
    }
}
