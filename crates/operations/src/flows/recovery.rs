//! Set a new password by a code that is mailed.

use domain::flow::{FlowKind, FlowStep};
use domain::policy::UnknownUser;
use domain::token::SecretToken;
use domain::{Email, Identifier, IdentifierKind, Password, Refusal, User};
use serde::{Deserialize, Serialize};
use storage::users;

use super::flow::{Found, Moved, ShownKey, Step, begin, end, find, go_on, hash, new_key};
use crate::confirmations::{ShownIn, count_wrong};
use crate::context::Context;
use crate::error::{Error, Result};
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
    let key = new_key(services);
    // Nobody has what is no address, and everybody knows it: there is nothing to hide.
    let Ok(email) = Email::parse(email) else {
        return match ctx.policy.unknown_user {
            UnknownUser::Revealed => Err(Refusal::UserNotFound.into()),
            UnknownUser::Hidden => Ok(key),
        };
    };
    let named = named(email.as_str());
    transact!(services, |tx| {
        let holder = users::lock_holder(tx, &named).await?;
        let is_known = holder.as_ref().is_some_and(User::is_present);
        if !is_known && ctx.policy.unknown_user == UnknownUser::Revealed {
            return Err(Refusal::UserNotFound.into());
        }
        let (owner, too_often) = (holder.as_ref(), TooOften::Said);
        let challenge =
            request_in(services, ctx, tx, &named, owner, too_often, ShownIn::Flow).await?;
        let asked = Asked { email: email.as_str().to_owned(), challenge };
        let user_id = holder.map(|user| user.id);
        begin(services, ctx, tx, &key, FlowKind::Recovery, user_id, &asked).await?;
        key.clone()
    })
}

/// The code that was sent. One that is wrong is counted; the flow stays where it is. Answers the key
/// of the next step: another one where `shown` may have been brought to whoever shows it.
pub async fn confirm_recovery(
    services: &Services,
    ctx: &Context,
    shown: Option<&ShownKey>,
    code: &str,
) -> Result<SecretToken> {
    let confirmed = async {
        transact!(services, |tx| {
            let shown = shown.ok_or_else(|| CODE.missing())?;
            let found: Found<Asked> = find(services, ctx, tx, CODE, Some(&shown.key)).await?;
            let Asked { email, challenge } = &found.detail;
            let email = named(email);
            match recover_in(services, ctx, tx, &email, Some(challenge), code).await? {
                Some(ticket) => {
                    let ticket = Ticket(ticket.reveal().to_owned());
                    let next = shown.next(services);
                    let to = Moved { step: FlowStep::NewPassword, key_hash: &hash(&next) };
                    go_on(services, ctx, tx, &found.key_hash, to, &ticket).await?;
                    Some(next)
                }
                None => None,
            }
        })
    };
    count_wrong(services, ctx, Box::pin(confirmed)).await
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
