//! Register by a code that is mailed to the address: there is no account before it came back.

use domain::confirmation::Purpose;
use domain::flow::{FlowKind, FlowStep};
use domain::token::SecretToken;
use domain::{Email, Field, Identifier, IdentifierKind, Refusal, Rule, User, UserId};
use serde::{Deserialize, Serialize};
use storage::Tx;

use super::flow::{Found, Step, begin, end, find, new_key};
use crate::accounts::{
    KeptNewcomer, Register, admit, hides_contacts, insert, notice_of_attempt, say_which_taken,
};
use crate::confirmations::{
    Address, Guess, Order, Recipient, ShownIn, Whose, admit_name, admit_sending, check_code,
    count_wrong, issue_for,
};
use crate::context::Context;
use crate::error::Result;
use crate::jobs::{self, Envelope, Job};
use crate::mail::Message;
use crate::services::Services;

const CODE: Step = Step(FlowKind::Registration, FlowStep::Code);
const PURPOSE: Purpose = Purpose::Registration;

/// Somebody who will be registered when the code comes back.
#[derive(Serialize, Deserialize)]
struct Asked {
    newcomer: KeptNewcomer,
    challenge: Vec<u8>,
}

/// Where the code goes, and the name that it is for.
struct Mailbox {
    address: Address,
    named: Identifier,
}

/// Sends the code; nobody is registered yet. An address that is taken is refused where the surface
/// says so; else its owner is told, and no code is right (REG-12).
pub async fn begin_registration(
    services: &Services,
    ctx: &Context,
    request: &Register,
) -> Result<SecretToken> {
    let newcomer = admit(services, ctx, request).await?;
    let email = newcomer.identifiers.email.as_ref();
    let email = email.ok_or_else(|| Refusal::invalid(Field::Email, Rule::Required))?;
    let is_hidden = hides_contacts(ctx, request);
    newcomer.ensure_free(services, is_hidden).await?;
    services.admit_sender(ctx).await?;
    let mailbox = Mailbox::of(email);
    let key = new_key(services);
    transact!(services, |tx| {
        admit_name(services, ctx, tx, PURPOSE, &mailbox.named).await?;
        let told = if is_hidden {
            notice_of_attempt(services, ctx, tx, &mailbox.named, newcomer.id).await?
        } else {
            None
        };
        let challenge = send(services, ctx, tx, &mailbox, newcomer.id, told).await?;
        let asked = Asked { newcomer: newcomer.keep(), challenge };
        begin(services, ctx, tx, &key, FlowKind::Registration, None, &asked).await?;
        key.clone()
    })
}

/// The code, or what the owner of the address hears instead. Answers the challenge.
async fn send(
    services: &Services,
    ctx: &Context,
    tx: &mut Tx,
    mailbox: &Mailbox,
    newcomer: UserId,
    told: Option<Job>,
) -> Result<Vec<u8>> {
    let Mailbox { address, named } = mailbox;
    // What the owner hears instead was counted already.
    let to = told.as_ref().map_or(Recipient::At(address), |_| Recipient::Nobody(named));
    let may = admit_sending(services, ctx, tx, PURPOSE, to).await?;
    let order = Order {
        purpose: PURPOSE,
        whose: Whose::Nobody(named),
        // A code that is bound to no address is never right.
        address: Some(address).filter(|_| told.is_none()),
        with_code: true,
        detail: None,
    };
    let issued = issue_for(services, ctx, tx, &order, ShownIn::Flow).await?;
    let challenge = issued.challenge().to_vec();
    let (minutes, _) = issued.minutes(ctx.now);
    let code = issued.code.as_ref().map(|code| code.reveal().to_owned());
    let job = match (told, code.filter(|_| may)) {
        (Some(told), _) => told,
        (None, Some(code)) => {
            let message = Message::RegistrationCode { code, minutes };
            let envelope = Envelope::to_stranger(ctx, address.shown().to_owned(), message);
            Job::DeliverMail { user_id: newcomer, envelope: envelope.worth(issued.worth()) }
        }
        (None, None) => Job::DeliverNothing,
    };
    jobs::promise(services, ctx, tx, job, ctx.now).await?;
    Ok(challenge)
}

/// Registers whoever shows the code, the address verified. Somebody else may have taken a name
/// meanwhile: then nothing is done.
pub async fn confirm_registration(
    services: &Services,
    ctx: &Context,
    key: Option<&SecretToken>,
    code: &str,
) -> Result<User> {
    let registered = async {
        let mut tried = None;
        let registered: Result<Option<User>> = transact!(services, |tx| {
            let found: Found<Asked> = find(services, ctx, tx, CODE, key).await?;
            let Asked { newcomer, challenge } = found.detail;
            let email = newcomer.email().ok_or_else(|| CODE.missing())?;
            let Mailbox { address, named } = Mailbox::of(&email);
            let guess = Guess {
                purpose: PURPOSE,
                whose: Whose::Nobody(&named),
                named: None,
                address: Some(&address),
                challenge: Some(&challenge),
                code,
            };
            if check_code(services, ctx, tx, &guess).await? {
                let newcomer = newcomer.into_shown(&ctx.policy).ok_or_else(|| CODE.missing())?;
                let newcomer = tried.insert(newcomer);
                end(tx, key).await?;
                Some(insert(services, ctx, tx, newcomer, &[]).await?)
            } else {
                None
            }
        });
        match &tried {
            Some(newcomer) => say_which_taken(services, newcomer, registered).await,
            None => registered,
        }
    };
    count_wrong(services, ctx, Box::pin(registered)).await
}

impl Mailbox {
    fn of(email: &Email) -> Self {
        Self {
            address: Address::Email(email.as_str().to_owned(), email.key().to_owned()),
            named: Identifier::of_kind(IdentifierKind::Email, email.as_str()),
        }
    }
}
