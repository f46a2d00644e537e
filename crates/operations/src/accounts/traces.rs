//! Erase from where somebody acted, after the account is purged: in pieces, for there may be millions
//! of rows, and nobody waits for them (LIF-06).

use domain::UserId;
use serde::{Deserialize, Serialize};
use storage::{Tx, audit_calls, audit_values, events};
use uuid::Uuid;

use crate::context::Context;
use crate::error::Result;
use crate::jobs::{self, Job};
use crate::services::Services;

/// One job erases no more, each in a transaction of its own: whatever comes after it waits little.
const PIECES: usize = 50;

/// What is yet to be erased.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct Traces {
    user_id: Uuid,
    kind: Kind,
    /// Rows with greater ids than this.
    after: Uuid,
}

#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Kind {
    EventsBy,
    EventsOf,
    CallsBy,
    /// Nobody can read them since the key is gone.
    Values,
}

/// The next pieces; those after them are promised.
pub(crate) async fn erase_traces(services: &Services, ctx: &Context, traces: Traces) -> Result<()> {
    let mut left = traces;
    for _ in 0..PIECES {
        let next: Result<Option<Traces>> =
            transact!(services, |tx| { left.erase_piece(tx).await? });
        match next? {
            Some(next) => left = next,
            None => return Ok(()),
        }
    }
    transact!(services, |tx| {
        jobs::promise(services, ctx, tx, Job::EraseTraces(left), ctx.now).await?;
    })
}

impl Traces {
    pub(super) fn all(UserId(user_id): UserId) -> Self {
        Self { user_id, kind: Kind::EventsBy, after: Uuid::nil() }
    }

    /// What is left after it.
    async fn erase_piece(self, tx: &mut Tx) -> Result<Option<Self>> {
        let (id, after) = (UserId(self.user_id), self.after);
        let last = match self.kind {
            Kind::EventsBy => events::forget_devices_by(tx, id, after).await?,
            Kind::EventsOf => events::forget_devices_of(tx, id, after).await?,
            Kind::CallsBy => audit_calls::forget_clients(tx, id, after).await?,
            Kind::Values => (audit_values::delete_of_user(tx, id).await? > 0).then_some(after),
        };
        let next_kind = |kind| Self { kind, after: Uuid::nil(), ..self };
        Ok(match (last, self.kind) {
            (Some(after), _) => Some(Self { after, ..self }),
            (None, Kind::EventsBy) => Some(next_kind(Kind::EventsOf)),
            (None, Kind::EventsOf) => Some(next_kind(Kind::CallsBy)),
            (None, Kind::CallsBy) => Some(next_kind(Kind::Values)),
            (None, Kind::Values) => None,
        })
    }
}
