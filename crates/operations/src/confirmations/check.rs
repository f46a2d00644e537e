//! Is this the code that was sent?

use domain::confirmation::{Endurance, Purpose, SHORT, is_code};
use domain::{Identifier, Refusal};
use storage::confirmations::{self, Confirmation};
use storage::{Tx, code_guesses};
use subtle::ConstantTimeEq;

use super::brake::{brake_if_attacked, is_braked};
use super::quotas::admit_guess;
use super::{Address, Whose};
use crate::context::Context;
use crate::error::Result;
use crate::measures;
use crate::services::Services;

/// A code that somebody types.
pub(crate) struct Guess<'a> {
    pub(crate) purpose: Purpose,
    pub(crate) whose: Whose<'a>,
    /// By whoever only names an account, and must not learn whether there is one.
    pub(crate) named: Option<&'a Identifier>,
    /// Where the code must have been sent to, as things are now; whoever changes the address waits.
    pub(crate) address: Option<&'a Address>,
    /// Of what is done in several steps: only the code of this sending will do. Others take none that
    /// such a step sent, and wear out none.
    pub(crate) challenge: Option<&'a [u8]>,
    pub(crate) code: &'a str,
}

/// True once at most. False is to be committed, for the guess to count, and refused afterwards.
/// The account's row is locked by the caller. A code that is wrong takes as many statements as one
/// that is not there at all.
pub(crate) async fn check_code(
    services: &Services,
    ctx: &Context,
    tx: &mut Tx,
    guess: &Guess<'_>,
) -> Result<bool> {
    let Guess { purpose, whose, named, address, challenge, code } = *guess;
    // What is no code of any length costs its owner no guess (OTP-11).
    if !is_code(code) {
        return Ok(false);
    }
    // Of a flow the code itself endures few, and nobody else's guesses are to be its owner's.
    if let Some(name) = named.filter(|_| challenge.is_none()) {
        admit_guess(services, ctx, tx, purpose, name).await?;
    }
    let is_braked = is_braked(ctx, tx).await?;
    let bucket = services.confirmation_bucket(purpose, whose);
    let found = confirmations::find_locked(tx, &bucket).await?;
    let endurance = found.as_ref().map(|found| found.endurance).unwrap_or_default();
    let taken = match (endurance.take_guess(purpose, ctx.now), named) {
        (Err(retry_after), None) => return Err(Refusal::TooManyRequests { retry_after }.into()),
        (taken, _) => taken.ok(),
    };
    let compared = found.as_ref().zip(taken);
    // Who guesses at a code that was replaced wears out none of the one that counts.
    let is_meant = |found: &Confirmation| match challenge {
        Some(sent) => found.challenge == sent,
        None => !found.is_of_flow,
    };
    let compared = compared.filter(|(found, _)| is_meant(found));
    // The brake is for the codes that are out already, too: one could have them mailed to everybody
    // first, and only then begin to guess.
    let compared = compared.filter(|(found, _)| !(is_braked && found.digits < SHORT));
    let challenge = compared.map(|(found, _)| found.challenge.as_slice()).unwrap_or_default();
    // Before the comparison, in one statement that says whether there was still a guess left.
    let is_alive = confirmations::take_guess(tx, &bucket, challenge, ctx.now).await?;
    let compared = compared.filter(|_| is_alive);
    let is_right =
        compared.is_some_and(|(found, _)| is_right(services, found, purpose, address, code));
    if is_right {
        confirmations::spend(tx, &bucket, ctx.now).await?;
        confirmations::set_endurance(tx, &bucket, &Endurance::default(), ctx.now).await?;
    } else {
        fail(ctx, tx, purpose, &bucket, endurance, compared).await?;
    }
    if let Some((found, _)) = compared {
        tell(ctx, tx, purpose, found, is_right).await?;
    }
    Ok(is_right)
}

/// Wrong: it is remembered where there was something to guess at.
async fn fail(
    ctx: &Context,
    tx: &mut Tx,
    purpose: Purpose,
    bucket: &[u8],
    before: Endurance,
    compared: Option<(&Confirmation, Endurance)>,
) -> Result<()> {
    let after = compared.map(|(found, taken)| {
        let is_dead = found.guesses_left <= 1;
        (taken.failed(is_dead, ctx.now), is_dead)
    });
    let base = ctx.policy.codes.of(purpose);
    let most = Endurance::most_failures(purpose, base);
    let kills = after.is_some_and(|(after, is_dead)| is_dead || after.failures >= most);
    let after = after.map_or(before, |(after, _)| after);
    confirmations::set_endurance(tx, bucket, &after, ctx.now).await?;
    // No bucket has the empty name.
    confirmations::kill_code(tx, if kills { bucket } else { &[] }, ctx.now).await?;
    Ok(())
}

/// Whoever watches over the service.
async fn tell(
    ctx: &Context,
    tx: &mut Tx,
    purpose: Purpose,
    found: &Confirmation,
    is_right: bool,
) -> Result<()> {
    let result = if is_right { "right" } else { "wrong" };
    metrics::counter!(measures::CODE_GUESSES, "purpose" => purpose.as_str(), "result" => result)
        .increment(1);
    if found.digits < SHORT {
        code_guesses::count(tx, purpose, is_right, ctx.now).await?;
        if !is_right {
            brake_if_attacked(ctx, tx).await?;
        }
    }
    Ok(())
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
