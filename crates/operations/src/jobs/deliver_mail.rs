//! Compose a mail and hand it over.

use domain::JobId;

use super::failure::Failure;
use crate::context::Context;
use crate::mail::Message;
use crate::ports::OutgoingMail;
use crate::services::Services;

pub(super) async fn deliver(
    services: &Services,
    ctx: &Context,
    id: JobId,
    to: String,
    locale: Option<&str>,
    message: &Message,
) -> Result<(), Failure> {
    let rendered = services.templates.render(message, locale);
    let rendered = rendered.map_err(|error| Failure::Never(error.chain()))?;
    let mail = OutgoingMail {
        id: id.to_string(),
        message: message.name(),
        locale: locale.map(ToOwned::to_owned),
        to,
        subject: rendered.subject,
        text: rendered.text,
        html: rendered.html,
        now: ctx.now,
    };
    Ok(services.mailer.send(&mail).await?)
}
