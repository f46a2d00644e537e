//! Is this the code that was sent?

use domain::Refusal;
use domain::confirmation::{Endurance, Purpose, SHORT, is_code};
use storage::confirmations::{self, Confirmation};
use storage::{Tx, code_guesses};
use subtle::ConstantTimeEq;

use super::brake::brake_if_attacked;
use super::{Address, Whose};
use crate::context::Context;
use crate::error::Result;
use crate::services::Services;

/// A code that somebody types.
pub(crate) struct Guess<'a> {
    pub(crate) purpose: Purpose,
    pub(crate) whose: Whose<'a>,
    /// Where the code must have been sent to, as things are now; whoever changes the address waits.
    pub(crate) address: Option<&'a Address>,
    pub(crate) code: &'a str,
}

/// True once at most. False is to be committed, for the guess to count, and refused afterwards.
/// The account's row is locked by the caller.
pub(crate) async fn check_code(
    services: &Services,
    ctx: &Context,
    tx: &mut Tx,
    guess: &Guess<'_>,
) -> Result<bool> {
    let Guess { purpose, whose, address, code } = *guess;
    // What is no code of any length costs its owner no guess (OTP-11).
    if !is_code(code) {
        return Ok(false);
    }
    let bucket = services.confirmation_bucket(purpose, whose);
    let Some(found) = confirmations::find_locked(tx, &bucket).await? else { return Ok(false) };
    let taken = found.endurance.take_guess(ctx.now);
    let taken = taken.map_err(|retry_after| Refusal::TooManyRequests { retry_after })?;
    // Before the comparison, in one statement that says whether there was still a guess left.
    if !confirmations::take_guess(tx, &bucket, &found.challenge, ctx.now).await? {
        return Ok(false);
    }
    let is_right = is_right(services, &found, purpose, address, code);
    if is_right {
        confirmations::spend(tx, &bucket, ctx.now).await?;
        confirmations::set_endurance(tx, &bucket, &Endurance::default(), ctx.now).await?;
    } else {
        let is_dead = found.guesses_left <= 1;
        let endurance = taken.failed(is_dead, ctx.now);
        confirmations::set_endurance(tx, &bucket, &endurance, ctx.now).await?;
        let base = ctx.policy.codes.of(purpose);
        if is_dead || endurance.failures >= Endurance::most_failures(purpose, base) {
            confirmations::kill_code(tx, &bucket, ctx.now).await?;
        }
    }
    let result = if is_right { "right" } else { "wrong" };
    metrics::counter!("vestibule_code_guesses_total", "purpose" => purpose.as_str(), "result" => result)
        .increment(1);
    if found.digits < SHORT {
        code_guesses::count(tx, purpose, is_right, ctx.now).await?;
        if !is_right {
            brake_if_attacked(ctx, tx).await?;
        }
    }
    Ok(is_right)
}

/// In the same time whatever the code is.
fn is_right(
    services: &Services,
    found: &Confirmation,
    purpose: Purpose,
    address: Option<&Address>,
    code: &str,
) -> bool {
    let sent = services.code_hash(purpose, &found.challenge, code);
    let is_code = found.code_hash.as_ref().is_some_and(|hash| sent.ct_eq(hash).into());
    let is_bound =
        address.is_some_and(|address| found.address == services.address_fingerprint(address));
    is_code && is_bound
}
