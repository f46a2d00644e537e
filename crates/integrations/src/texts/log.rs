//! Text messages into the log, codes included: for development.

use async_trait::async_trait;
use operations::ports::{OutgoingText, TextError, Texter};

pub struct LogTexter;

#[async_trait]
impl Texter for LogTexter {
    async fn send(&self, text: &OutgoingText) -> Result<(), TextError> {
        tracing::info!(id = text.id, to = text.to, text = text.text, "text message");
        Ok(())
    }

    async fn check(&self) -> Result<String, TextError> {
        Ok("written to the log".to_owned())
    }
}
