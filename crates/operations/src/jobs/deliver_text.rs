//! Compose a text message and hand it over.

use domain::JobId;

use super::failure::Failure;
use crate::context::Context;
use crate::mail::Message;
use crate::ports::OutgoingText;
use crate::services::Services;

pub(super) async fn deliver(
    services: &Services,
    ctx: &Context,
    id: JobId,
    to: String,
    locale: Option<&str>,
    message: &Message,
) -> Result<(), Failure> {
    let text = services.templates.render_text(message, locale);
    let text = text.map_err(|error| Failure::Never(error.chain()))?;
    let Some(texter) = &services.texter else {
        return Err(Failure::Later("text messages were switched off".to_owned()));
    };
    Ok(texter.send(&OutgoingText { id: id.to_string(), to, text, now: ctx.now }).await?)
}
