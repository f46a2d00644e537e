//! Takes places and remembers it: in the transaction that promises what is sent.

use domain::Refusal;
use domain::limit::{Arrivals, AtMost, Moments, Quotas, Verdict};
use storage::{Tx, UniqueKey, rate_limits, sendings};

use crate::context::Context;
use crate::error::Result;
use crate::measures;
use crate::services::Services;

/// Of numbers that begin alike. Nothing else is counted under it, and it is no address: it is logged.
pub(super) const PREFIX: &str = "prefix";

/// What is counted under one key.
pub(super) struct Limited<'a> {
    pub(super) parts: [Option<&'a str>; 3],
    pub(super) rule: Rule,
}

#[derive(Clone, Copy)]
pub(super) enum Rule {
    Quotas(Quotas),
    AtMost(AtMost),
    /// Granted, and remembered as before: the same statements where nothing is counted.
    Uncounted,
}

/// What is remembered under a key, if anything, and what will be.
enum Remembered {
    Arrivals { found: Option<Arrivals>, next: Arrivals },
    Moments { found: Option<Moments>, next: Moments, rule: AtMost },
}

/// Refuses where there is no place.
pub(super) async fn ensure(
    services: &Services,
    ctx: &Context,
    tx: &mut Tx,
    parts: &[Option<&str>],
    quotas: Quotas,
) -> Result<()> {
    let key = services.vault.fingerprint("sending", parts);
    let found = rate_limits::find_locked(tx, &key).await?;
    match quotas.take(found.unwrap_or_default(), ctx.now) {
        (Verdict::Granted(_), arrivals) => write(tx, &key, found, arrivals).await,
        (Verdict::Denied { retry_after, .. }, _) => {
            Err(Refusal::TooManyRequests { retry_after }.into())
        }
    }
}

/// One place of each, or none of any; the rows are written in both cases, so that the answer is not
/// read from the time that it takes.
pub(super) async fn take_all(
    services: &Services,
    ctx: &Context,
    tx: &mut Tx,
    limited: &[Option<Limited<'_>>],
) -> Result<bool> {
    let mut taken = Vec::new();
    for limited in limited.iter().flatten() {
        let key = services.vault.fingerprint("sending", &limited.parts);
        let (is_granted, remembered) = look(ctx, tx, &key, limited.rule).await?;
        if !is_granted && limited.parts[0] == Some(PREFIX) {
            metrics::counter!(measures::TEXTS_CAPPED).increment(1);
            let prefix = limited.parts[1];
            tracing::warn!(prefix, "too many text messages to numbers that begin alike: not sent");
        }
        taken.push((key, is_granted, remembered));
    }
    let may = taken.iter().all(|(_, is_granted, _)| *is_granted);
    for (key, _, remembered) in taken {
        remember(tx, &key, remembered, may).await?;
    }
    Ok(may)
}

/// Whether the rule grants one more, and what is to be remembered if so.
async fn look(ctx: &Context, tx: &mut Tx, key: &[u8], rule: Rule) -> Result<(bool, Remembered)> {
    Ok(match rule {
        Rule::Quotas(quotas) => {
            let found = rate_limits::find_locked(tx, key).await?;
            let (verdict, next) = quotas.take(found.unwrap_or_default(), ctx.now);
            (verdict.is_granted(), Remembered::Arrivals { found, next })
        }
        Rule::Uncounted => {
            let found = rate_limits::find_locked(tx, key).await?;
            (true, Remembered::Arrivals { found, next: found.unwrap_or_default() })
        }
        Rule::AtMost(rule) => {
            let found = sendings::find_locked(tx, key).await?;
            let next = rule.take(&found.clone().unwrap_or_default(), ctx.now);
            let is_granted = next.is_some();
            let next = next.unwrap_or_default();
            (is_granted, Remembered::Moments { found, next, rule })
        }
    })
}

/// Writes what comes next where `may`, and otherwise the same as before.
async fn remember(tx: &mut Tx, key: &[u8], remembered: Remembered, may: bool) -> Result<()> {
    match remembered {
        Remembered::Arrivals { found, next } => {
            write(tx, key, found, if may { next } else { found.unwrap_or_default() }).await
        }
        Remembered::Moments { found, next, rule } => {
            let is_known = found.is_some();
            let moments = if may { next } else { found.unwrap_or_default() };
            let over_at = rule.over_at(&moments);
            if is_known {
                return Ok(sendings::update(tx, key, &moments, over_at).await?);
            }
            let inserted = sendings::insert(tx, key, &moments, over_at).await;
            Ok(inserted.map_err(|error| error.stale_when_taken(UniqueKey::Sending))?)
        }
    }
}

async fn write(tx: &mut Tx, key: &[u8], found: Option<Arrivals>, arrivals: Arrivals) -> Result<()> {
    if found.is_some() {
        return Ok(rate_limits::update(tx, key, arrivals).await?);
    }
    let inserted = rate_limits::insert(tx, key, arrivals).await;
    Ok(inserted.map_err(|error| error.stale_when_taken(UniqueKey::RateLimit))?)
}
