//! The jobs there are, and how they are promised.

use domain::{JobId, Timestamp, User, UserId};
use serde::{Deserialize, Serialize};
use storage::Tx;
use storage::jobs::{self, Lane, NewJob};
use uuid::Uuid;

use super::envelope::Envelope;
use super::schedule::{Recurring, run_key};
use crate::accounts::Traces;
use crate::confirmations::{Address, Notice, Recipient, admit_notice};
use crate::context::Context;
use crate::error::{Fault, Result};
use crate::mail::Message;
use crate::roles::Holders;
use crate::services::Services;

/// Sealed in the database: it names people and carries secrets.
pub(super) const SEAL: &str = "job";

#[derive(Serialize, Deserialize)]
#[serde(tag = "job", rename_all = "snake_case")]
pub(super) enum Payload {
    DeliverMail(Envelope),
    DeliverText(Envelope),
    /// The place of a mail that nobody gets: whoever measures sees no difference.
    DeliverNothing,
    PurgeAccount {
        user_id: Uuid,
    },
    LiftBlock {
        user_id: Uuid,
    },
    TellHolders(Holders),
    TellDeparted {
        generation: i64,
    },
    EraseTraces(Traces),
    Rest,
    Sweep,
    CheckKeys,
}

/// A piece of work. Running it twice does no harm.
pub(crate) enum Job {
    DeliverMail {
        user_id: UserId,
        envelope: Envelope,
    },
    /// To a phone.
    DeliverText {
        user_id: UserId,
        envelope: Envelope,
    },
    DeliverNothing,
    PurgeAccount {
        user_id: UserId,
        purge_at: Timestamp,
    },
    /// Unblocks whom nobody blocked anew meanwhile.
    LiftBlock {
        user_id: UserId,
    },
    /// Counts on the next holders of a role that permits something else than before.
    TellHolders(Holders),
    /// Counts on the next accounts that held a role before it was deleted.
    TellDeparted {
        generation: i64,
    },
    /// Erases from where the owner of a purged account acted.
    EraseTraces(Traces),
    /// Nothing to do: promised where otherwise its absence would tell something.
    Rest {
        user_id: UserId,
    },
    /// One run of what happens again and again.
    Recurring {
        what: Recurring,
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
    let (message, lane) = (job.message(), job.lane());
    let payload = serde_json::to_vec(&job.into_payload()).map_err(Fault::Encoding)?;
    let new = NewJob {
        id: JobId::new(ctx.now, services.entropy.bytes()),
        kind,
        message,
        unique_key: unique_key.as_deref(),
        payload: &services.vault.seal(SEAL, &payload)?,
        user_id,
        lane,
        run_at,
        max_attempts,
        now: ctx.now,
    };
    Ok(jobs::insert(tx, &new).await?)
}

/// Adds a mail to the owner, if there is an address that is not told too much; answers whether.
pub(crate) async fn promise_mail(
    services: &Services,
    ctx: &Context,
    tx: &mut Tx,
    user: &User,
    message: Message,
) -> Result<bool> {
    let Some(to) = user.email.clone() else { return Ok(false) };
    let notice = Notice { user: user.id, kind: message.name(), is_verified: user.email_verified };
    let address = Address::email_of(user);
    let may = match &address {
        Some(address) => admit_notice(services, ctx, tx, notice, Recipient::At(address)).await?,
        None => true,
    };
    if may {
        let envelope = Envelope::new(services, ctx, user, to, message);
        promise(services, ctx, tx, Job::DeliverMail { user_id: user.id, envelope }, ctx.now)
            .await?;
    }
    Ok(may)
}

impl Job {
    const fn kind(&self) -> &'static str {
        match self {
            Self::DeliverMail { .. } | Self::DeliverNothing => "deliver_mail",
            Self::DeliverText { .. } => "deliver_text",
            Self::PurgeAccount { .. } => "purge_account",
            Self::LiftBlock { .. } => "lift_block",
            Self::TellHolders(_) => "tell_holders",
            Self::TellDeparted { .. } => "tell_departed",
            Self::EraseTraces(_) => "erase_traces",
            Self::Rest { .. } => "rest",
            Self::Recurring { what, .. } => what.as_str(),
        }
    }

    const fn lane(&self) -> Lane {
        match self {
            Self::DeliverMail { .. } | Self::DeliverNothing => Lane::Mail,
            Self::DeliverText { .. } => Lane::Text,
            Self::PurgeAccount { .. }
            | Self::LiftBlock { .. }
            | Self::TellHolders(_)
            | Self::TellDeparted { .. }
            | Self::EraseTraces(_)
            | Self::Rest { .. }
            | Self::Recurring { .. } => Lane::Work,
        }
    }

    /// Which mail it is: the payload is sealed, and gone when it is done.
    const fn message(&self) -> Option<&'static str> {
        match self {
            Self::DeliverMail { envelope, .. } | Self::DeliverText { envelope, .. } => {
                Some(envelope.message().name())
            }
            Self::DeliverNothing
            | Self::Rest { .. }
            | Self::PurgeAccount { .. }
            | Self::LiftBlock { .. }
            | Self::TellHolders(_)
            | Self::TellDeparted { .. }
            | Self::EraseTraces(_)
            | Self::Recurring { .. } => None,
        }
    }

    const fn user_id(&self) -> Option<UserId> {
        match self {
            Self::DeliverMail { user_id, .. }
            | Self::DeliverText { user_id, .. }
            | Self::PurgeAccount { user_id, .. }
            | Self::LiftBlock { user_id }
            | Self::Rest { user_id } => Some(*user_id),
            Self::DeliverNothing
            | Self::TellHolders(_)
            | Self::TellDeparted { .. }
            | Self::EraseTraces(_)
            | Self::Recurring { .. } => None,
        }
    }

    fn unique_key(&self) -> Option<String> {
        match self {
            // None where an older one that waits does no harm.
            Self::DeliverMail { .. }
            | Self::DeliverText { .. }
            | Self::DeliverNothing
            | Self::Rest { .. }
            | Self::LiftBlock { .. }
            | Self::TellHolders(_)
            | Self::TellDeparted { .. }
            | Self::EraseTraces(_) => None,
            Self::PurgeAccount { user_id, purge_at } => Some(purge_key(*user_id, *purge_at)),
            Self::Recurring { what, at } => Some(run_key(*what, *at)),
        }
    }

    /// With the pauses of `settle`, a message is tried for about a day and a half.
    const fn max_attempts(&self) -> i64 {
        match self.lane() {
            Lane::Mail | Lane::Text => 20,
            Lane::Work => 100,
        }
    }

    fn into_payload(self) -> Payload {
        match self {
            Self::DeliverMail { envelope, .. } => Payload::DeliverMail(envelope),
            Self::DeliverText { envelope, .. } => Payload::DeliverText(envelope),
            Self::DeliverNothing => Payload::DeliverNothing,
            Self::PurgeAccount { user_id, .. } => Payload::PurgeAccount { user_id: user_id.0 },
            Self::LiftBlock { user_id } => Payload::LiftBlock { user_id: user_id.0 },
            Self::TellHolders(holders) => Payload::TellHolders(holders),
            Self::TellDeparted { generation } => Payload::TellDeparted { generation },
            Self::EraseTraces(traces) => Payload::EraseTraces(traces),
            Self::Rest { .. } => Payload::Rest,
            Self::Recurring { what: Recurring::Sweep, .. } => Payload::Sweep,
            Self::Recurring { what: Recurring::CheckKeys, .. } => Payload::CheckKeys,
        }
    }
}
