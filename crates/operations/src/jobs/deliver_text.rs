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
    if !services.texts.allows(&to) {
        metrics::counter!("vestibule_texts_capped_total").increment(1);
        tracing::warn!(job = %id, "a text message to a country that sms.allowed_prefixes lacks: not sent");
        return Ok(());
    }
    let text = services.templates.render_text(message, locale);
    let text = text.map_err(|error| Failure::Never(error.chain()))?;
    let Some(texter) = &services.texter else {
        return Err(Failure::Later("text messages were switched off".to_owned()));
    };
    Ok(texter.send(&OutgoingText { id: id.to_string(), to, text, now: ctx.now }).await?)
}
