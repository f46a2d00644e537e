//! Sign in by the password and, after it, a code that is mailed.

use domain::confirmation::{Purpose, is_code};
use domain::flow::{FlowKind, FlowStep};
use domain::token::SecretToken;
use domain::{Actor, Refusal, Session, Status, User};
use serde::{Deserialize, Serialize};
use storage::{Tx, users};

use super::flow::{Found, Step, begin, end, find, go_on, new_key};
use crate::confirmations::{
    Address, Guess, Order, Recipient, Whose, admit_name, admit_sending, check_code, deliver, issue,
    name_for,
};
use crate::context::Context;
use crate::error::Result;
use crate::jobs::promise_mail;
use crate::limits::Limit;
use crate::mail::{Message, wrong_sign_in_code};
use crate::passwords::tell_of_success;
use crate::recovery::{self, LATER};
use crate::services::Services;
use crate::sessions::{Proven, SignIn, SignedIn, open_session, prove, tokens};
use crate::tokens::ClaimValues;

const CODE: Step = Step(FlowKind::SignIn, FlowStep::Code);
const PURPOSE: Purpose = Purpose::SignIn;

/// The password was right.
#[derive(Serialize, Deserialize)]
struct Known {
    challenge: Vec<u8>,
    /// Another one since then: the password, an address or the state of the account was changed.
    security_version: i64,
    /// Wrong passwords before it.
    failures: i64,
    /// Whether the owner heard of a wrong code.
    is_told: bool,
}

/// Sends the code to whoever knows the password; signs nobody in.
pub async fn begin_sign_in(
    services: &Services,
    ctx: &Context,
    request: &SignIn,
) -> Result<SecretToken> {
    let key = new_key(services);
    for _ in 0..Proven::ROUNDS {
        let proven = prove(services, ctx, request).await?;
        let ctx = &ctx.acting_as(Actor::User(proven.user_id()));
        let begun: Result<Option<()>> = transact!(services, |tx| {
            match proven.confirm(ctx, tx).await? {
                None => None,
                Some(user) => {
                    let challenge = send(services, ctx, tx, &user).await?;
                    let security_version = user.security_version;
                    let failures = proven.succeed(services, ctx, tx).await?;
                    let known = Known { challenge, security_version, failures, is_told: false };
                    let user_id = Some(user.id);
                    Some(begin(services, ctx, tx, &key, FlowKind::SignIn, user_id, &known).await?)
                }
            }
        });
        if proven.end(services, begun).await?.is_some() {
            return Ok(key);
        }
    }
    Err(storage::Error::Stale.into())
}

/// Where codes were guessed at too often, none is sent any more: a new password forgives that, so the
/// way to one is sent instead. Answers the challenge of the code.
async fn send(services: &Services, ctx: &Context, tx: &mut Tx, user: &User) -> Result<Vec<u8>> {
    let address = Address::email_of(user).filter(|_| ctx.policy.allows_email_sign_in);
    let address = address.ok_or(Refusal::ChannelMissing)?;
    admit_name(services, ctx, tx, PURPOSE, &address.identifier()).await?;
    if !admit_sending(services, ctx, tx, PURPOSE, Recipient::At(&address)).await? {
        return Err(Refusal::TooManyRequests { retry_after: LATER }.into());
    }
    let order = Order {
        purpose: PURPOSE,
        whose: Whose::Account(user.id),
        address: Some(&address),
        with_code: true,
        detail: None,
    };
    let issued = issue(services, ctx, tx, &order).await?;
    let challenge = issued.challenge().to_vec();
    let Some(code) = issued.code.as_ref().map(|code| code.reveal().to_owned()) else {
        recovery::send(services, ctx, tx, user, &address).await?;
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
    let place = services.take_failure_place(ctx, Limit::CodeFailures).await?;
    let opened: Result<Option<(User, Session, ClaimValues)>> =
        transact!(services, |tx| { open_if_right(services, ctx, tx, key, code).await? });
    if !matches!(opened, Ok(None)) {
        services.give_back_failure_place(place).await;
    }
    let (user, session, values) = opened?.ok_or(Refusal::CodeInvalid)?;
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
    if user.security_version != found.detail.security_version {
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
        challenge: Some(&found.detail.challenge),
        code,
    };
    if !check_code(services, ctx, tx, &guess).await? {
        if is_code(code) && !found.detail.is_told {
            let message = wrong_sign_in_code(ctx, &user);
            promise_mail(services, ctx, tx, &user, message).await?;
            let known = Known { is_told: true, ..found.detail };
            go_on(services, ctx, tx, &found.key_hash, FlowStep::Code, &known).await?;
        }
        return Ok(None);
    }
    end(tx, key).await?;
    let (session, values) = open_session(services, ctx, tx, &user).await?;
    let failures = found.detail.failures;
    tell_of_success(services, ctx, tx, &user, session.id, failures).await?;
    Ok(Some((user, session, values)))
}
