//! Compose a mail and hand it over.

use domain::JobId;

use super::job::Failure;
use crate::context::Context;
use crate::error::Error;
use crate::mail::Message;
use crate::ports::{MailError, OutgoingMail};
use crate::services::Services;

pub(super) async fn deliver(
    services: &Services,
    ctx: &Context,
    id: JobId,
    to: String,
    locale: Option<&str>,
    message: &Message,
) -> Result<(), Failure> {
    let rendered = services.templates.render(message, locale).map_err(|error| match error {
        Error::Fault(fault) => Failure::Never(fault.chain()),
        Error::Refused(refusal) => Failure::Never(refusal.code().to_owned()),
    })?;
    let mail = OutgoingMail {
        id: id.to_string(),
        to,
        subject: rendered.subject,
        text: rendered.text,
        html: rendered.html,
        now: ctx.now,
    };
    services.mailer.send(&mail).await.map_err(|error| match error {
        MailError::Refused(reason) => Failure::Never(reason),
        MailError::Unavailable(reason) => Failure::Later(reason),
    })
}
