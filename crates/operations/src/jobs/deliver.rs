//! Compose a message and hand it over, unless nobody has anything of it any more.

use std::time::Duration;

use storage::jobs::{self, LeasedJob};

use super::envelope::{Envelope, TOO_LATE};
use super::failure::{Done, Failure};
use crate::context::Context;
use crate::error::{Error, Result};
use crate::measures;
use crate::ports::{OutgoingMail, OutgoingText};
use crate::services::Services;

pub(super) async fn mail(
    services: &Services,
    ctx: &Context,
    job: &LeasedJob,
    envelope: &Envelope,
) -> Result<Done, Failure> {
    let message = envelope.message_at(ctx.now);
    let rendered = services.templates.render(&message, envelope.locale());
    let rendered = rendered.map_err(|error| never(&error))?;
    let mail = OutgoingMail {
        id: job.id.to_string(),
        message: envelope.message().name(),
        locale: Some(rendered.language),
        to: envelope.to().to_owned(),
        subject: rendered.subject,
        text: rendered.text,
        html: rendered.html,
        now: ctx.now,
    };
    hand_over(services, ctx, job, envelope, async { Ok(services.mailer.send(&mail).await?) }).await
}

pub(super) async fn text(
    services: &Services,
    ctx: &Context,
    job: &LeasedJob,
    envelope: &Envelope,
) -> Result<Done, Failure> {
    if !services.texts.allows(envelope.to()) {
        metrics::counter!(measures::TEXTS_CAPPED).increment(1);
        tracing::warn!(job = %job.id, "a text message to where sms.allowed_prefixes leads not");
        return Ok(Done::Needless("no text messages are sent to this country"));
    }
    let message = envelope.message_at(ctx.now);
    let text = services.templates.render_text(&message, envelope.locale());
    let text = text.map_err(|error| never(&error))?.text;
    let Some(texter) = &services.texter else {
        return Err(Failure::Later("text messages were switched off".to_owned()));
    };
    let (id, to) = (job.id.to_string(), envelope.to().to_owned());
    let text = OutgoingText { id, to, text, now: ctx.now };
    hand_over(services, ctx, job, envelope, async { Ok(texter.send(&text).await?) }).await
}

/// Looks once more whether it is still ours to send, and worth sending, and breaks off when it is not
/// any more: a server that takes its time must not be handed a code that is over. `composed` is when
/// it was said how long that is.
async fn hand_over(
    services: &Services,
    composed: &Context,
    job: &LeasedJob,
    envelope: &Envelope,
    send: impl Future<Output = Result<(), Failure>>,
) -> Result<Done, Failure> {
    let ctx = services.system();
    if let Some(why) = envelope.why_needless(services, &ctx).await? {
        return Ok(Done::Needless(why));
    }
    let mut read = services.store.read().await.map_err(Error::from)?;
    if !jobs::is_held(&mut read, job).await.map_err(Error::from)? {
        return Err(Failure::Overtaken);
    }
    drop(read);
    let wrong_at = envelope.wrong_at(composed.now);
    let left = wrong_at.map_or(Duration::MAX, |wrong_at| wrong_at.since(ctx.now));
    match tokio::time::timeout(left, send).await {
        Ok(sent) => sent.map(|()| Done::Sent),
        Err(_) if wrong_at < envelope.over_at() => {
            Err(Failure::Later("its code was over before it was handed over".to_owned()))
        }
        Err(_) => Ok(Done::Needless(TOO_LATE)),
    }
}

/// A template that fails does so whenever it is tried.
fn never(error: &Error) -> Failure {
    Failure::Never(error.chain())
}
