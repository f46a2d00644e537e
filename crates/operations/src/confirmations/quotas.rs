//! How often something is sent (OTP-12, OTP-14), counted in the database whatever else is limited
//! where: no mode of the limits lifts it.

use std::time::Duration;

use domain::confirmation::Purpose;
use domain::limit::{Quota, Quotas, Verdict};
use domain::{Identifier, Refusal};
use storage::{Tx, UniqueKey, rate_limits};

use super::Address;
use crate::context::Context;
use crate::error::Result;
use crate::services::Services;

const MINUTE: Duration = Duration::from_mins(1);
const HOUR: Duration = Duration::from_hours(1);
const DAY: Duration = Duration::from_hours(24);
/// The sign and six digits: country, and an area or an operator.
const PREFIX: usize = 7;
const TEXTS_TO_A_PREFIX: u32 = 100;

/// Refuses who asks too often for something to be sent to one name, whether anybody has it or not.
pub(crate) async fn admit_name(
    services: &Services,
    ctx: &Context,
    tx: &mut Tx,
    purpose: Purpose,
    name: &Identifier,
) -> Result<()> {
    let an_hour = if purpose == Purpose::Recovery { 3 } else { 5 };
    let quotas = Quotas::new(quota(1, MINUTE), Some(quota(an_hour, HOUR)));
    let parts = [Some("name"), Some(purpose.as_str()), Some(name.key())];
    match take(services, ctx, tx, &parts, &quotas).await? {
        Verdict::Granted(_) => Ok(()),
        Verdict::Denied { retry_after, .. } => Err(Refusal::TooManyRequests { retry_after }.into()),
    }
}

/// Whether one more may go to this address today, whatever for and whoever asked. Silent: a mail
/// that does not come tells nothing, an answer would.
pub(crate) async fn admit_address(
    services: &Services,
    ctx: &Context,
    tx: &mut Tx,
    address: &Address,
) -> Result<bool> {
    let parts = [Some("address"), Some(address.key())];
    let verdict = take(services, ctx, tx, &parts, &Quotas::new(quota(10, DAY), None)).await?;
    match address {
        Address::Phone(number) if verdict.is_granted() => {
            admit_prefix(services, ctx, tx, number).await
        }
        Address::Phone(_) | Address::Email(..) => Ok(verdict.is_granted()),
    }
}

/// Text messages cost, and some who own many numbers are paid for each (REG-18): only so many go to
/// numbers that begin alike.
async fn admit_prefix(
    services: &Services,
    ctx: &Context,
    tx: &mut Tx,
    number: &str,
) -> Result<bool> {
    let prefix = number.get(..PREFIX).unwrap_or(number);
    let parts = [Some("prefix"), Some(prefix)];
    let quotas = Quotas::new(quota(TEXTS_TO_A_PREFIX, HOUR), None);
    let verdict = take(services, ctx, tx, &parts, &quotas).await?;
    if !verdict.is_granted() {
        metrics::counter!("vestibule_texts_capped_total").increment(1);
        tracing::warn!(prefix, "too many text messages to numbers that begin alike: not sent");
    }
    Ok(verdict.is_granted())
}

async fn take(
    services: &Services,
    ctx: &Context,
    tx: &mut Tx,
    parts: &[Option<&str>],
    quotas: &Quotas,
) -> Result<Verdict> {
    let key = services.vault.fingerprint("sending", parts);
    let found = rate_limits::find_locked(tx, &key).await?;
    let (verdict, arrivals) = quotas.take(found.unwrap_or_default(), ctx.now);
    if verdict.is_granted() {
        if found.is_some() {
            rate_limits::update(tx, &key, arrivals).await?;
        } else {
            let inserted = rate_limits::insert(tx, &key, arrivals).await;
            inserted.map_err(|error| error.stale_when_taken(UniqueKey::RateLimit))?;
        }
    }
    Ok(verdict)
}

fn quota(count: u32, period: Duration) -> Quota {
    Quota::new(count, period, count).unwrap_or_else(|| unreachable!("these are good numbers"))
}
