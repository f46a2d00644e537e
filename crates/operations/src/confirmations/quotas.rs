//! How often something is sent (OTP-12, OTP-14), counted in the database whatever else is limited
//! where: no mode of the limits lifts it.

use std::time::Duration;

use domain::confirmation::{MOST_GUESSES, Purpose};
use domain::limit::{Arrivals, AtMost, Moments, Quota, Quotas, Verdict};
use domain::{Identifier, Refusal, UserId};
use storage::{Tx, UniqueKey, rate_limits, sendings};

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
/// Of all that strangers can have sent to an address; more is a bomb (OTP-14).
const TO_AN_ADDRESS: AtMost = AtMost { count: 10, period: DAY };
/// More in a day is noise.
const NOTICES: AtMost = AtMost { count: 10, period: DAY };

/// Where something is to be sent to.
#[derive(Clone, Copy)]
pub(crate) enum Recipient<'a> {
    At(&'a Address),
    /// Nobody gets what is asked for under this name: the same is counted, for nobody.
    Nobody(&'a Identifier),
}

/// Refuses who asks too often for something to be sent to one name, whether anybody has it or not.
pub(crate) async fn admit_name(
    services: &Services,
    ctx: &Context,
    tx: &mut Tx,
    purpose: Purpose,
    name: &Identifier,
) -> Result<()> {
    ensure(services, ctx, tx, &parts_of_name(purpose, name), sendings_of(purpose)).await
}

/// Like [`admit_name`], for whoever goes on without sending, and tells nobody.
pub(crate) async fn admit_name_silently(
    services: &Services,
    ctx: &Context,
    tx: &mut Tx,
    purpose: Purpose,
    name: &Identifier,
) -> Result<bool> {
    let parts = parts_of_name(purpose, name);
    let limited = Limited { parts, rule: Rule::Quotas(sendings_of(purpose)) };
    take_all(services, ctx, tx, &[Some(limited)]).await
}

/// Refuses who guesses too often at the codes of one name, whether anybody has it or not: what an
/// account endures is said to nobody who only names it, for two names would be told to be one's.
pub(super) async fn admit_guess(
    services: &Services,
    ctx: &Context,
    tx: &mut Tx,
    purpose: Purpose,
    name: &Identifier,
) -> Result<()> {
    let parts = [Some("guess"), Some(purpose.as_str()), Some(name.key())];
    let (count, period) = MOST_GUESSES;
    ensure(services, ctx, tx, &parts, Quotas::new(quota(count, period), None)).await
}

/// Whether one more may go there: of all that is sent to an address only so much a day, whatever for
/// and whoever asked; of what is for `purpose` only so much an hour, under whatever names. Silent: a
/// mail that does not come tells nothing, an answer would. By as many statements whatever it answers.
pub(crate) async fn admit_sending(
    services: &Services,
    ctx: &Context,
    tx: &mut Tx,
    purpose: Purpose,
    to: Recipient<'_>,
) -> Result<bool> {
    let (day, prefix) = limits_of(to);
    let of_purpose = Limited {
        parts: [Some(to.kind()), Some(to.key()), Some(purpose.as_str())],
        rule: Rule::Quotas(sendings_of(purpose)),
    };
    let prefix = Some(prefix).filter(|_| services.sends_texts());
    let limited = [Some(day), Some(of_purpose), prefix];
    take_all(services, ctx, tx, &limited).await
}

/// Whether one more may go to this address today, whatever for and whoever asked. Silent.
pub(crate) async fn admit_address(
    services: &Services,
    ctx: &Context,
    tx: &mut Tx,
    address: &Address,
) -> Result<bool> {
    let (day, prefix) = limits_of(Recipient::At(address));
    let limited = [Some(day), Some(prefix).filter(|_| matches!(address, Address::Phone(_)))];
    take_all(services, ctx, tx, &limited).await
}

/// Something that an account is told, and that it did not ask for.
#[derive(Clone, Copy)]
pub(crate) struct Notice {
    pub(crate) user: UserId,
    pub(crate) kind: &'static str,
    /// Whether the address where it is told was shown to be the account's.
    pub(crate) is_verified: bool,
}

/// Whether the account may be told. What strangers ask for takes nothing from it. An address that
/// nobody has shown to be his is told so much a day of all kinds together (OTP-14); the owner of one
/// so much of each: noise of one hides none of another. Silent, by as many statements whatever it
/// answers.
pub(crate) async fn admit_notice(
    services: &Services,
    ctx: &Context,
    tx: &mut Tx,
    notice: Notice,
    to: Recipient<'_>,
) -> Result<bool> {
    let user = notice.user.to_string();
    let parts = if notice.is_verified {
        [Some("notice"), Some(user.as_str()), Some(notice.kind)]
    } else {
        [Some("unverified"), Some(to.kind()), Some(to.key())]
    };
    let limited = Limited { parts, rule: Rule::AtMost(NOTICES) };
    take_all(services, ctx, tx, &[Some(limited)]).await
}

/// What is counted under one key.
struct Limited<'a> {
    parts: [Option<&'a str>; 3],
    rule: Rule,
}

#[derive(Clone, Copy)]
enum Rule {
    Quotas(Quotas),
    AtMost(AtMost),
}

/// What is remembered under a key, if anything, and what will be.
enum Remembered {
    Arrivals { found: Option<Arrivals>, next: Arrivals },
    Moments { found: Option<Moments>, next: Moments, rule: AtMost },
}

/// By the day, and by the beginning of a phone number: text messages cost, and some who own many
/// numbers are paid for each (REG-18). What goes elsewhere is counted by itself instead.
fn limits_of(to: Recipient<'_>) -> (Limited<'_>, Limited<'_>) {
    let prefix = match to {
        Recipient::At(Address::Phone(number)) => number.get(..PREFIX).unwrap_or(number),
        Recipient::At(Address::Email(..)) | Recipient::Nobody(_) => to.key(),
    };
    let day = Limited {
        parts: [Some(to.kind()), Some(to.key()), None],
        rule: Rule::AtMost(TO_AN_ADDRESS),
    };
    let prefix = Limited {
        parts: [Some("prefix"), Some(prefix), None],
        rule: Rule::Quotas(Quotas::new(quota(TEXTS_TO_A_PREFIX, HOUR), None)),
    };
    (day, prefix)
}

fn parts_of_name(purpose: Purpose, name: &Identifier) -> [Option<&str>; 3] {
    [Some("name"), Some(purpose.as_str()), Some(name.key())]
}

fn sendings_of(purpose: Purpose) -> Quotas {
    let an_hour = if purpose == Purpose::Recovery { 3 } else { 5 };
    Quotas::new(quota(1, MINUTE), Some(quota(an_hour, HOUR)))
}

async fn ensure(
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
async fn take_all(
    services: &Services,
    ctx: &Context,
    tx: &mut Tx,
    limited: &[Option<Limited<'_>>],
) -> Result<bool> {
    let mut taken = Vec::new();
    for limited in limited.iter().flatten() {
        let key = services.vault.fingerprint("sending", &limited.parts);
        let (is_granted, remembered) = look(ctx, tx, &key, limited.rule).await?;
        if !is_granted && limited.parts[0] == Some("prefix") {
            metrics::counter!("vestibule_texts_capped_total").increment(1);
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

impl<'a> Recipient<'a> {
    const fn kind(self) -> &'static str {
        match self {
            Self::At(_) => "address",
            Self::Nobody(_) => "nobody",
        }
    }

    fn key(self) -> &'a str {
        match self {
            Self::At(address) => address.key(),
            Self::Nobody(name) => name.key(),
        }
    }
}

fn quota(count: u32, period: Duration) -> Quota {
    Quota::new(count, period, count).unwrap_or_else(|| unreachable!("these are good numbers"))
}
