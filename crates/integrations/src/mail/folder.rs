//! Mail into a folder: one `.eml` a mail. For development and tests.

use std::path::PathBuf;

use async_trait::async_trait;
use operations::ports::{MailError, Mailer, OutgoingMail};

use super::compose::Sender;

pub struct FolderMailer {
    folder: PathBuf,
    sender: Sender,
}

impl FolderMailer {
    pub fn new(folder: PathBuf, sender: Sender) -> Self {
        Self { folder, sender }
    }

    async fn write(&self, mail: &OutgoingMail, bytes: &[u8]) -> std::io::Result<()> {
        tokio::fs::create_dir_all(&self.folder).await?;
        // Sorts by time; the id makes a repeated attempt replace the mail, not add one.
        let name = format!("{:020}-{}.eml", mail.now.as_micros(), mail.id);
        let written = self.folder.join(format!(".{name}.part"));
        tokio::fs::write(&written, bytes).await?;
        // Whoever watches the folder sees whole mails only.
        tokio::fs::rename(&written, self.folder.join(name)).await
    }
}

#[async_trait]
impl Mailer for FolderMailer {
    async fn send(&self, mail: &OutgoingMail) -> Result<(), MailError> {
        let bytes = self.sender.source(mail)?;
        self.write(mail, &bytes)
            .await
            .map_err(|error| MailError::Unreachable(format!("the mail folder: {error}")))
    }

    async fn check(&self) -> Result<String, MailError> {
        let probe = self.folder.join(".probe");
        let tried = async {
            tokio::fs::create_dir_all(&self.folder).await?;
            tokio::fs::write(&probe, b"").await?;
            tokio::fs::remove_file(&probe).await
        };
        match tried.await {
            Ok(()) => Ok(format!("mails are written to {}", self.folder.display())),
            Err(error) => Err(MailError::Unreachable(format!("the mail folder: {error}"))),
        }
    }
}
