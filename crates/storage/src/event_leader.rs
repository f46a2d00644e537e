//! The `event_leader` table: one row, which instance numbers and relays the log.
//!
//! Its epoch fences: whatever a leader writes names the epoch that it was given, and finds no row once
//! another one leads. Leases are by the clock of the database.

use std::time::Duration;

use crate::error::{Error, Result};
use crate::store::{Read, Tx};

statements! {
    LEAD = sql!(
        concat!(
            "UPDATE event_leader SET epoch = epoch + 1, leased_until = ", database_now!(sqlite),
            " + $1 WHERE leased_until < ", database_now!(sqlite)
        ),
        postgres: concat!(
            "UPDATE event_leader SET epoch = epoch + 1, leased_until = ", database_now!(postgres),
            " + $1 WHERE leased_until < ", database_now!(postgres)
        ),
        mysql: concat!(
            "UPDATE event_leader SET epoch = epoch + 1, leased_until = ", database_now!(mysql),
            " + $1 WHERE leased_until < ", database_now!(mysql)
        )
    );
    EPOCH = sql!("SELECT epoch FROM event_leader");
    KEEP = recorded!("UPDATE event_leader SET leased_until = ", " + $1 WHERE epoch = $2");
    RESIGN = sql!("UPDATE event_leader SET leased_until = 0 WHERE epoch = $1");
    HEAD = sql!("SELECT position FROM event_leader");
    GIVE = sql!("UPDATE event_leader SET position = $1 WHERE epoch = $2 AND position = $3");
    HOLD = sql!("UPDATE event_leader SET epoch = epoch WHERE epoch = $1");
    STATE = recorded!(
        "SELECT epoch, position, leased_until - ",
        " FROM event_leader"
    );
}

/// Which leadership it is, counted from the first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Epoch(pub i64);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Leader {
    pub epoch: Epoch,
    /// The number that an event was given last.
    pub position: i64,
    /// Whether somebody leads.
    pub is_led: bool,
}

/// None when somebody leads.
pub async fn lead(tx: &mut Tx, lease: Duration) -> Result<Option<Epoch>> {
    if execute!(tx, LEAD, micros(lease))? == 0 {
        return Ok(None);
    }
    let (epoch,) = fetch_one!(tx, EPOCH, (i64,))?;
    Ok(Some(Epoch(epoch)))
}

/// False when somebody else leads by now.
pub async fn keep(tx: &mut Tx, epoch: Epoch, lease: Duration) -> Result<bool> {
    Ok(execute!(tx, KEEP, micros(lease), epoch.0)? == 1)
}

/// Others need not wait for the end of the lease.
pub async fn resign(tx: &mut Tx, epoch: Epoch) -> Result<()> {
    execute!(tx, RESIGN, epoch.0)?;
    Ok(())
}

/// Nobody else leads before the transaction is over; stale when somebody does.
pub async fn hold(tx: &mut Tx, epoch: Epoch) -> Result<()> {
    if execute!(tx, HOLD, epoch.0)? == 1 { Ok(()) } else { Err(Error::Stale) }
}

/// The number that an event was given last.
pub async fn head(read: &mut Read) -> Result<i64> {
    fetch_one!(read, HEAD, (i64,)).map(|(position,)| position)
}

pub async fn state(read: &mut Read) -> Result<Leader> {
    let (epoch, position, left) = fetch_one!(read, STATE, (i64, i64, i64))?;
    Ok(Leader { epoch: Epoch(epoch), position, is_led: left > 0 })
}

/// Moves on from `last` to `next`; stale when somebody else leads by now.
pub(crate) async fn give(tx: &mut Tx, epoch: Epoch, last: i64, next: i64) -> Result<()> {
    if execute!(tx, GIVE, next, epoch.0, last)? == 1 { Ok(()) } else { Err(Error::Stale) }
}

fn micros(duration: Duration) -> i64 {
    i64::try_from(duration.as_micros()).unwrap_or(i64::MAX)
}
