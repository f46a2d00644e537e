//! Text messages into a folder: one `.sms` a message. For development and tests.

use std::path::PathBuf;

use async_trait::async_trait;
use operations::ports::{OutgoingText, TextError, Texter};
use serde_json::json;

pub struct FolderTexter {
    folder: PathBuf,
}

impl FolderTexter {
    pub fn new(folder: PathBuf) -> Self {
        Self { folder }
    }

    async fn write(&self, text: &OutgoingText) -> std::io::Result<()> {
        tokio::fs::create_dir_all(&self.folder).await?;
        // Sorts by time; the id makes a repeated attempt replace the message, not add one.
        let name = format!("{:020}-{}.sms", text.now.as_micros(), text.id);
        let written = self.folder.join(format!(".{name}.part"));
        let body = json!({ "id": text.id, "to": text.to, "text": text.text });
        tokio::fs::write(&written, body.to_string()).await?;
        // Whoever watches the folder sees whole messages only.
        tokio::fs::rename(&written, self.folder.join(name)).await
    }
}

#[async_trait]
impl Texter for FolderTexter {
    async fn send(&self, text: &OutgoingText) -> Result<(), TextError> {
        let written = self.write(text).await;
        written.map_err(|error| TextError::Unreachable(format!("the folder: {error}")))
    }

    async fn check(&self) -> Result<String, TextError> {
        Ok(format!("written to {}", self.folder.display()))
    }
}
