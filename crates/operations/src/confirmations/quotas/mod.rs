//! How often something is sent (OTP-12, OTP-14), counted in the database whatever else is limited
//! where: no mode of the limits lifts it.

mod take;

use std::time::Duration;

use domain::confirmation::{MOST_GUESSES, Purpose};
use domain::limit::{AtMost, Quota, Quotas};
use domain::{Identifier, IdentifierKind, UserId};
use storage::Tx;

use self::take::{Limited, PREFIX, Rule, ensure, take_all};
use super::Address;
use crate::context::Context;
use crate::error::Result;
use crate::services::Services;

const MINUTE: Duration = Duration::from_mins(1);
const HOUR: Duration = Duration::from_hours(1);
const DAY: Duration = Duration::from_hours(24);
/// The sign and six digits: country, and an area or an operator.
const BEGINNING: usize = 7;
/// Of all that strangers can have sent to an address; more is a bomb (OTP-14).
const TO_AN_ADDRESS: AtMost = AtMost { count: 10, period: DAY };
/// More in a day is noise.
const NOTICES: AtMost = AtMost { count: 10, period: DAY };

/// What strangers bring about by guessing.
const NOISE: [&str; 1] = ["failed_sign_ins"];

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
    let (day, prefix) = limits_of(services, to);
    let of_purpose = Limited {
        parts: [Some(to.kind()), Some(to.key()), Some(purpose.as_str())],
        rule: Rule::Quotas(sendings_of(purpose)),
    };
    let prefix = Some(prefix).filter(|_| services.sends_texts());
    let limited = [Some(day), Some(of_purpose), prefix];
    take_all(services, ctx, tx, &limited).await
}

/// Whether one more may go there that nobody gets without the password of the account. What anybody
/// may ask for takes nothing from it (LGN-08); a mailbox that nobody showed to be the account's gets
/// only so much a day of it all the same (OTP-14).
pub(crate) async fn admit_proven(
    services: &Services,
    ctx: &Context,
    tx: &mut Tx,
    address: &Address,
    is_verified: bool,
) -> Result<bool> {
    if is_verified {
        return Ok(true);
    }
    let parts = [Some("proven"), Some(address.kind()), Some(address.key())];
    let limited = Limited { parts, rule: Rule::AtMost(TO_AN_ADDRESS) };
    take_all(services, ctx, tx, &[Some(limited)]).await
}

/// Whether one more may go to this address today, whatever for and whoever asked. Silent.
pub(crate) async fn admit_address(
    services: &Services,
    ctx: &Context,
    tx: &mut Tx,
    address: &Address,
) -> Result<bool> {
    let (day, prefix) = limits_of(services, Recipient::At(address));
    let limited = [Some(day), Some(prefix).filter(|_| matches!(address, Address::Phone(_)))];
    take_all(services, ctx, tx, &limited).await
}

/// Like [`admit_address`], for what anybody causes and nobody asks for, whoever hears of it.
pub(crate) async fn admit_unasked(
    services: &Services,
    ctx: &Context,
    tx: &mut Tx,
    to: Recipient<'_>,
) -> Result<bool> {
    let (day, _) = limits_of(services, to);
    take_all(services, ctx, tx, &[Some(day)]).await
}

/// Whether an account hears of somebody who would register its address: once a day. Counted for nobody
/// where there is no such account, `id` being that of the one that may be made.
pub(crate) async fn admit_attempt(
    services: &Services,
    ctx: &Context,
    tx: &mut Tx,
    id: UserId,
    is_account: bool,
) -> Result<bool> {
    let id = id.to_string();
    let parts = [Some("attempt"), Some(id.as_str()), (!is_account).then_some("nobody")];
    let limited = Limited { parts, rule: Rule::AtMost(AtMost { count: 1, period: DAY }) };
    take_all(services, ctx, tx, &[Some(limited)]).await
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
/// nobody has shown to be his is told so much a day of all kinds together (OTP-14), but for what
/// strangers bring about, which is counted apart; the owner of one so much of each: noise of one hides
/// none of another. Silent, by as many statements whatever it
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
        let class = if NOISE.contains(&notice.kind) { "noise" } else { "unverified" };
        [Some(class), Some(to.kind()), Some(to.key())]
    };
    let limited = Limited { parts, rule: Rule::AtMost(NOTICES) };
    take_all(services, ctx, tx, &[Some(limited)]).await
}

/// By the day, and by the beginning of a phone number: text messages cost, and some who own many
/// numbers are paid for each (REG-18). Numbers that nobody has wait for the same row, and take nothing
/// of it; what is no number waits for one of its own.
fn limits_of<'a>(services: &Services, to: Recipient<'a>) -> (Limited<'a>, Limited<'a>) {
    let day = Limited {
        parts: [Some(to.kind()), Some(to.key()), None],
        rule: Rule::AtMost(TO_AN_ADDRESS),
    };
    let beginning = |number: &'a str| number.get(..BEGINNING).unwrap_or(number);
    let (parts, rule) = match to {
        Recipient::At(Address::Phone(number)) => {
            ([Some(PREFIX), Some(beginning(number))], Rule::Quotas(services.texts.per_prefix))
        }
        Recipient::Nobody(name) if name.kind() == IdentifierKind::Phone => {
            ([Some(PREFIX), Some(beginning(name.key()))], Rule::Uncounted)
        }
        Recipient::At(Address::Email(..)) | Recipient::Nobody(_) => {
            ([Some("no prefix"), Some(to.key())], Rule::Uncounted)
        }
    };
    (day, Limited { parts: [parts[0], parts[1], None], rule })
}

fn parts_of_name(purpose: Purpose, name: &Identifier) -> [Option<&str>; 3] {
    [Some("name"), Some(purpose.as_str()), Some(name.key())]
}

fn sendings_of(purpose: Purpose) -> Quotas {
    let an_hour = if purpose == Purpose::Recovery { 3 } else { 5 };
    Quotas::new(quota(1, MINUTE), Some(quota(an_hour, HOUR)))
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
