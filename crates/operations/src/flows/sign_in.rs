//! Sign in by the password and, after it, a code that is mailed.

use domain::confirmation::{Purpose, is_code};
use domain::flow::{FlowKind, FlowStep};
use domain::token::SecretToken;
use domain::{Actor, Refusal, Session, Status, User};
use serde::{Deserialize, Serialize};
use storage::{Tx, users};

use super::flow::{Found, Moved, Step, begin, end, end_at, find, go_on, new_key};
use crate::accounts::lift_when_over;
use crate::confirmations::{
    Address, Guess, Order, ShownIn, Whose, admit_name, admit_proven, check_code, count_wrong,
    deliver, issue_for, name_for,
};
use crate::context::Context;
use crate::error::Result;
use crate::jobs::promise_mail;
use crate::mail::{Message, wrong_sign_in_code};
use crate::passwords::{forget_failures, tell_of_success};
use crate::recovery::{self, LATER};
use crate::services::Services;
use crate::sessions::{Proven, SignIn, SignedIn, open_session, prove, tokens};
use crate::tokens::ClaimValues;

const CODE: Step = Step(FlowKind::SignIn, FlowStep::Code);
const PURPOSE: Purpose = Purpose::SignIn;

/// Of one flow (security.md §4.2), whatever its code would endure.
const MOST_WRONG: u8 = 3;

/// The password was right.
#[derive(Serialize, Deserialize)]
struct Known {
    challenge: Vec<u8>,
    /// Another one since then: the password, an address or the state of the account was changed.
    security_version: i64,
    /// Codes that were shown and wrong; the owner heard of the first.
    wrong: u8,
}

/// Sends the code to whoever knows the password; signs nobody in. Where no mail signs in, no password
/// is looked at (OTP-16).
pub async fn begin_sign_in(
    services: &Services,
    ctx: &Context,
    request: &SignIn,
) -> Result<SecretToken> {
    if !ctx.policy.allows_email_sign_in {
        return Err(Refusal::ChannelMissing.into());
    }
    let key = new_key(services);
    for _ in 0..Proven::ROUNDS {
        let proven = prove(services, ctx, request).await?;
        let ctx = &ctx.acting_as(Actor::User(proven.user_id()));
        let begun = begin_if_known(services, ctx, &key, &proven).await;
        proven.postpone(services).await;
        if begun? {
            return Ok(key);
        }
    }
    Err(storage::Error::Stale.into())
}

/// False where the password was replaced while we compared with it.
async fn begin_if_known(
    services: &Services,
    ctx: &Context,
    key: &SecretToken,
    proven: &Proven,
) -> Result<bool> {
    services.admit_sender(ctx).await?;
    transact!(services, |tx| {
        let Some(user) = proven.confirm(ctx, tx).await? else { return Ok(false) };
        // Before the flow remembers how the account is: it is to find it so at its end.
        let user = lift_when_over(services, ctx, tx, user).await?;
        proven.keep_observed(ctx, tx).await?;
        let challenge = send(services, ctx, tx, &user).await?;
        let security_version = user.security_version;
        let known = Known { challenge, security_version, wrong: 0 };
        begin(services, ctx, tx, key, FlowKind::SignIn, Some(user.id), &known).await?;
        true
    })
}

/// Where codes were guessed at too often, none is sent any more: a new password forgives that, so the
/// way to one is sent instead. Answers the challenge of the code.
async fn send(services: &Services, ctx: &Context, tx: &mut Tx, user: &User) -> Result<Vec<u8>> {
    let address = Address::email_of(user).ok_or(Refusal::ChannelMissing)?;
    admit_name(services, ctx, tx, PURPOSE, &address.identifier()).await?;
    if !admit_proven(services, ctx, tx, &address, user.email_verified).await? {
        return Err(Refusal::TooManyRequests { retry_after: LATER }.into());
    }
    let order = Order {
        purpose: PURPOSE,
        whose: Whose::Account(user.id),
        address: Some(&address),
        with_code: true,
        detail: None,
    };
    let issued = issue_for(services, ctx, tx, &order, ShownIn::Flow).await?;
    let challenge = issued.challenge().to_vec();
    let Some(code) = issued.code.as_ref().map(|code| code.reveal().to_owned()) else {
        let mailbox = recovery::mailbox(services, user).ok_or(Refusal::ChannelMissing)?;
        recovery::send(services, ctx, tx, user, &mailbox, None).await?;
        return Ok(challenge);
    };
    let (minutes, _) = issued.minutes(ctx.now);
    let message = Message::SignInCode { name: name_for(user, &address), code, minutes };
    deliver(services, ctx, tx, user, &address, message, issued.worth()).await?;
    Ok(challenge)
}

/// Opens the session. The owner hears of the first wrong code: somebody knows the password.
pub async fn confirm_sign_in(
    services: &Services,
    ctx: &Context,
    key: Option<&SecretToken>,
    code: &str,
) -> Result<SignedIn> {
    let opened =
        async { transact!(services, |tx| { open_if_right(services, ctx, tx, key, code).await? }) };
    let (user, session, values) = count_wrong(services, ctx, Box::pin(opened)).await?;
    let user = User { last_login_at: Some(ctx.now), status: Status::Active, ..user };
    let ctx = &ctx.acting_as(Actor::User(user.id));
    Ok(SignedIn { tokens: tokens(services, ctx, &session, &values)?, user, device: None })
}

/// None of a wrong code, which is to be committed, for the guess to count.
async fn open_if_right(
    services: &Services,
    ctx: &Context,
    tx: &mut Tx,
    key: Option<&SecretToken>,
    code: &str,
) -> Result<Option<(User, Session, ClaimValues)>> {
    let found: Found<Known> = find(services, ctx, tx, CODE, key).await?;
    let id = found.user_id.ok_or_else(|| CODE.missing())?;
    let user = users::find_locked(tx, id).await?.ok_or_else(|| CODE.missing())?;
    // Once more under the lock: whoever showed a code at the same time may have ended it.
    let Found { key_hash, detail: known, .. }: Found<Known> =
        find(services, ctx, tx, CODE, key).await?;
    if user.security_version != known.security_version {
        return Err(CODE.missing().into());
    }
    user.ensure_active(ctx.now)?;
    let ctx = &ctx.acting_as(Actor::User(user.id));
    let address = Address::email_of(&user);
    let guess = Guess {
        purpose: PURPOSE,
        whose: Whose::Account(user.id),
        named: None,
        address: address.as_ref(),
        challenge: Some(&known.challenge),
        code,
    };
    if !check_code(services, ctx, tx, &guess).await? {
        if is_code(code) {
            after_a_wrong_one(services, ctx, tx, &user, &key_hash, known).await?;
        }
        return Ok(None);
    }
    end(tx, key).await?;
    let (session, values) = open_session(services, ctx, tx, &user).await?;
    let failures = forget_failures(services, tx, user.id).await?;
    tell_of_success(services, ctx, tx, &user, session.id, failures).await?;
    Ok(Some((user, session, values)))
}

/// The account's row is locked by the caller, and with it its flows.
async fn after_a_wrong_one(
    services: &Services,
    ctx: &Context,
    tx: &mut Tx,
    user: &User,
    key_hash: &[u8],
    known: Known,
) -> Result<()> {
    if known.wrong == 0 {
        promise_mail(services, ctx, tx, user, wrong_sign_in_code(ctx, user)).await?;
    }
    let known = Known { wrong: known.wrong + 1, ..known };
    if known.wrong >= MOST_WRONG {
        return end_at(tx, key_hash).await;
    }
    let to = Moved { step: FlowStep::Code, key_hash };
    go_on(services, ctx, tx, key_hash, to, &known).await
}
