//! `/link/take-back`

use axum::extract::State;
use domain::token::SecretToken;

use super::page::{Link, Page, Wrong};
use super::sent::{Opened, Sent};
use crate::kit::{Failure, Front};
use crate::native::Native;

pub(super) async fn ask(Opened(token): Opened) -> Page {
    token.map_or(Page::NoToken, |token| Page::Ask { link: Link::TakeBack, token })
}

pub(super) async fn take_back(
    State(front): State<Front>,
    sent: Sent,
) -> Result<Page, Failure<Native>> {
    let Some(token) = sent.get("token") else { return Ok(Page::NoToken) };
    let token = SecretToken::new(token);
    let ticket = operations::accounts::take_back(&front.services, &sent.ctx, &token).await?;
    Ok(Page::Password {
        ticket: ticket.reveal().to_owned(),
        is_taken_back: true,
        min: sent.ctx.policy.password.min,
        wrong: Wrong::Nothing,
    })
}
