//! Set a new password by a code that is mailed.

use domain::flow::{FlowKind, FlowStep};
use domain::policy::UnknownUser;
use domain::token::SecretToken;
use domain::{Identifier, IdentifierKind, Password, Refusal, User};
use serde::{Deserialize, Serialize};
use storage::users;

use super::flow::{Found, Step, begin, end, find, go_on, new_key};
use crate::context::Context;
use crate::error::{Error, Result};
use crate::limits::Limit;
use crate::recovery::{TooOften, recover_in, request_in, reset_password};
use crate::services::Services;

const CODE: Step = Step(FlowKind::Recovery, FlowStep::Code);
const NEW_PASSWORD: Step = Step(FlowKind::Recovery, FlowStep::NewPassword);

/// What the first step said.
#[derive(Serialize, Deserialize)]
struct Asked {
    email: String,
    challenge: Vec<u8>,
}

/// Good for one new password.
#[derive(Serialize, Deserialize)]
struct Ticket(String);

/// Sends the code to the owner of an e-mail address. Where the surface says who has an account, an
/// address of nobody is refused; else the same is done for it as for an account.
pub async fn begin_recovery(
    services: &Services,
    ctx: &Context,
    email: &str,
) -> Result<SecretToken> {
    let named = named(email);
    let key = new_key(services);
    transact!(services, |tx| {
        let holder = users::lock_holder(tx, &named).await?;
        let is_known = holder.as_ref().is_some_and(User::is_present);
        if !is_known && ctx.policy.unknown_user == UnknownUser::Revealed {
            return Err(Refusal::UserNotFound.into());
        }
        let challenge =
            request_in(services, ctx, tx, &named, holder.as_ref(), TooOften::Said).await?;
        let asked = Asked { email: email.to_owned(), challenge };
        let user_id = holder.map(|user| user.id);
        begin(services, ctx, tx, &key, FlowKind::Recovery, user_id, &asked).await?;
        key.clone()
    })
}

/// The code that was sent. One that is wrong is counted; the flow stays where it is.
pub async fn confirm_recovery(
    services: &Services,
    ctx: &Context,
    key: Option<&SecretToken>,
    code: &str,
) -> Result<()> {
    let place = services.take_failure_place(ctx, Limit::CodeFailures).await?;
    let checked: Result<bool> = transact!(services, |tx| {
        let found: Found<Asked> = find(services, ctx, tx, CODE, key).await?;
        let Asked { email, challenge } = &found.detail;
        let ticket = recover_in(services, ctx, tx, &named(email), Some(challenge), code).await?;
        if let Some(ticket) = &ticket {
            let ticket = Ticket(ticket.reveal().to_owned());
            go_on(services, ctx, tx, &found.key_hash, FlowStep::NewPassword, &ticket).await?;
        }
        ticket.is_some()
    });
    if !matches!(checked, Ok(false)) {
        services.give_back_failure_place(place).await;
    }
    if checked? { Ok(()) } else { Err(Refusal::CodeInvalid.into()) }
}

/// Ends every session of the account. A password that breaks a rule ends nothing, the flow neither.
pub async fn recover_password(
    services: &Services,
    ctx: &Context,
    key: Option<&SecretToken>,
    password: &Password,
) -> Result<User> {
    let ticket: Result<SecretToken> = transact!(services, |tx| {
        let found: Found<Ticket> = find(services, ctx, tx, NEW_PASSWORD, key).await?;
        SecretToken::new(found.detail.0)
    });
    let user = match reset_password(services, ctx, &ticket?, password).await {
        // Its time is over, or another way back was faster: begin anew.
        Err(Error::Refused(Refusal::LinkInvalid)) => return Err(NEW_PASSWORD.missing().into()),
        user => user?,
    };
    // The ticket is spent; without it the flow leads nowhere, should this not be done.
    let ended: Result<()> = transact!(services, |tx| { end(tx, key).await? });
    if let Err(error) = ended {
        tracing::debug!(error = error.chain(), "a flow that is done waits for its end");
    }
    Ok(user)
}

fn named(email: &str) -> Identifier {
    Identifier::of_kind(IdentifierKind::Email, email)
}
