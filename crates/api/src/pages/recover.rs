//! `/link/recover`, and `/link/password` to which its form leads.

use axum::extract::State;
use domain::token::SecretToken;
use domain::{Password, Refusal};
use operations::Error;
use operations::recovery::{recover_by_link, reset_password};

use super::page::{Done, Link, Page, Wrong};
use super::sent::{Opened, Sent};
use crate::kit::{Failure, Front};
use crate::native::Native;

pub(super) async fn ask(Opened(token): Opened) -> Page {
    token.map_or(Page::NoToken, |token| Page::Ask { link: Link::Recover, token })
}

/// The link becomes a ticket, which the form for the password keeps.
pub(super) async fn begin(State(front): State<Front>, sent: Sent) -> Result<Page, Failure<Native>> {
    let Some(token) = sent.get("token") else { return Ok(Page::NoToken) };
    let token = SecretToken::new(token);
    let ticket = recover_by_link(&front.services, &sent.ctx, &token).await?;
    Ok(Page::Password {
        ticket: ticket.reveal().to_owned(),
        is_taken_back: false,
        min: sent.ctx.policy.password.min,
        wrong: Wrong::Nothing,
    })
}

/// A password that breaks a rule, or is not repeated, spends no ticket.
pub(super) async fn set_password(
    State(front): State<Front>,
    sent: Sent,
) -> Result<Page, Failure<Native>> {
    let Some(ticket) = sent.get("ticket") else { return Ok(Page::NoToken) };
    let password = sent.exact("password").unwrap_or_default();
    let again = |wrong| Page::Password {
        ticket: ticket.to_owned(),
        is_taken_back: false,
        min: sent.ctx.policy.password.min,
        wrong,
    };
    if sent.exact("repeated") != Some(password) {
        return Ok(again(Wrong::Repetition));
    }
    let (token, password) = (SecretToken::new(ticket), Password::new(password));
    match reset_password(&front.services, &sent.ctx, &token, &password).await {
        Ok(_) => Ok(Page::Done(Done::PasswordSet)),
        Err(Error::Refused(Refusal::Invalid(errors))) => {
            Ok(again(Wrong::Rules(errors.into_iter().map(|error| error.rule).collect())))
        }
        Err(error) => Err(error.into()),
    }
}
