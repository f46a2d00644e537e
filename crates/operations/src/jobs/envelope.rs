//! A message on its way: what it says, to whom, and how long anybody has anything of it.

use domain::token::SecretToken;
use domain::{Timestamp, User};
use serde::{Deserialize, Serialize};

use crate::confirmations::{Sending, Worth};
use crate::context::Context;
use crate::error::Result;
use crate::mail::Message;
use crate::services::Services;
use crate::tokens::digest_restoration;

/// Sealed while it waits.
#[derive(Serialize, Deserialize)]
pub(crate) struct Envelope {
    to: String,
    locale: Option<String>,
    message: Message,
    /// In microseconds.
    #[serde(default)]
    not_after: Option<i64>,
    /// Until when the code in it is good, in microseconds.
    #[serde(default)]
    code_until: Option<i64>,
    /// Of the code and the link in it.
    #[serde(default)]
    sending: Option<Sending>,
}

impl Envelope {
    /// Worth reading whenever it comes.
    pub(crate) fn new(
        services: &Services,
        ctx: &Context,
        user: &User,
        to: String,
        message: Message,
    ) -> Self {
        let locale = services.locale_for(ctx, user);
        Self { to, locale, message, not_after: None, code_until: None, sending: None }
    }

    /// To somebody who has no account yet.
    pub(crate) fn to_stranger(ctx: &Context, to: String, message: Message) -> Self {
        let locale = ctx.policy.language.map(ToOwned::to_owned);
        Self { to, locale, message, not_after: None, code_until: None, sending: None }
    }

    /// Not to be sent when nobody has anything of it any more.
    #[must_use]
    pub(crate) fn worth(self, worth: Worth) -> Self {
        let Worth { over_at, code_until, sending } = worth;
        let code_until = code_until.map(Timestamp::as_micros);
        Self { not_after: Some(over_at.as_micros()), code_until, sending, ..self }
    }

    pub(super) fn to(&self) -> &str {
        &self.to
    }

    pub(super) fn locale(&self) -> Option<&str> {
        self.locale.as_deref()
    }

    pub(super) const fn message(&self) -> &Message {
        &self.message
    }

    /// As it is to be read at `now`: a code whose time is over is left out, and what is left of the
    /// rest is said.
    pub(super) fn message_at(&self, now: Timestamp) -> Message {
        let left = |until: Option<i64>| until.map(|until| Timestamp::from_micros(until).since(now));
        let message = self.message.clone();
        match (left(self.code_until), left(self.not_after)) {
            (Some(code), Some(link)) => message.with_left(code, link),
            _ => message,
        }
    }

    /// When it says something that is not so any more: its code is over, or all of it.
    pub(super) fn wrong_at(&self, now: Timestamp) -> Option<Timestamp> {
        let code = self.code_until.map(Timestamp::from_micros).filter(|until| *until > now);
        code.or_else(|| self.over_at())
    }

    pub(super) fn over_at(&self) -> Option<Timestamp> {
        self.not_after.map(Timestamp::from_micros)
    }

    /// Why nobody has anything of it any more, if so: codes that are over, used or replaced help
    /// nobody, and are taken for new ones.
    pub(super) async fn why_needless(
        &self,
        services: &Services,
        ctx: &Context,
    ) -> Result<Option<&'static str>> {
        if self.over_at().is_some_and(|over_at| over_at <= ctx.now) {
            return Ok(Some(TOO_LATE));
        }
        let is_good = match (&self.sending, &self.message) {
            (Some(sending), _) => sending.is_good(services).await?,
            (None, Message::Restoration { token, .. }) => {
                let digest = digest_restoration(&SecretToken::new(token.clone()));
                let mut read = services.store.read().await?;
                storage::users::find_by_restoration(&mut read, &digest).await?.is_some()
            }
            (None, _) => true,
        };
        Ok((!is_good).then_some("what it says was used or replaced before it was sent"))
    }
}

/// As the trail of a job says it.
pub(super) const TOO_LATE: &str = "came too late to be sent";
