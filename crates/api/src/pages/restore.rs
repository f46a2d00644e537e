//! `/link/restore`: the token alone restores nothing, the name of the account comes with it.

use axum::extract::State;
use domain::token::SecretToken;
use domain::{Identifier, Refusal};
use operations::Error;
use operations::accounts::Restore;

use super::page::{Done, Page};
use super::sent::{Opened, Sent};
use crate::kit::{Failure, Front};
use crate::native::Native;

pub(super) async fn ask(Opened(token): Opened) -> Page {
    token.map_or(Page::NoToken, |token| Page::AskName { token, is_wrong: false })
}

pub(super) async fn restore(
    State(front): State<Front>,
    sent: Sent,
) -> Result<Page, Failure<Native>> {
    let Some(token) = sent.get("token") else { return Ok(Page::NoToken) };
    let identifier = Identifier::recognise(sent.get("identifier").unwrap_or_default());
    let request = Restore { identifier, token: SecretToken::new(token) };
    match operations::accounts::restore(&front.services, &sent.ctx, &request).await {
        Ok(_) => Ok(Page::Done(Done::Restored)),
        Err(Error::Refused(Refusal::RestorationInvalid)) => {
            Ok(Page::AskName { token: token.to_owned(), is_wrong: true })
        }
        Err(error) => Err(error.into()),
    }
}
