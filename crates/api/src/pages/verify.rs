//! `/link/verify-email`, `/link/verify-phone`

use axum::extract::State;
use domain::token::SecretToken;
use operations::verification::{Channel, verify_by_link};

use super::page::{Done, Link, Page};
use super::sent::{Opened, Sent};
use crate::kit::{Failure, Front};
use crate::native::Native;

pub(super) async fn ask_email(Opened(token): Opened) -> Page {
    token.map_or(Page::NoToken, |token| Page::Ask { link: Link::VerifyEmail, token })
}

pub(super) async fn ask_phone(Opened(token): Opened) -> Page {
    token.map_or(Page::NoToken, |token| Page::Ask { link: Link::VerifyPhone, token })
}

pub(super) async fn email(State(front): State<Front>, sent: Sent) -> Result<Page, Failure<Native>> {
    verify(&front, &sent, Channel::Email, Done::EmailVerified).await
}

pub(super) async fn phone(State(front): State<Front>, sent: Sent) -> Result<Page, Failure<Native>> {
    verify(&front, &sent, Channel::Phone, Done::PhoneVerified).await
}

async fn verify(
    front: &Front,
    sent: &Sent,
    channel: Channel,
    done: Done,
) -> Result<Page, Failure<Native>> {
    let Some(token) = sent.get("token") else { return Ok(Page::NoToken) };
    verify_by_link(&front.services, &sent.ctx, channel, &SecretToken::new(token)).await?;
    Ok(Page::Done(done))
}
