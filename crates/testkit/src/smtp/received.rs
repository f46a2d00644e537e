//! A mail as the SMTP server got it.

use data_encoding::BASE64;
use serde::{Deserialize, Deserializer};

use crate::mailbox::Mail;

#[derive(Clone, Debug, Deserialize)]
pub struct ReceivedMail {
    /// Of the envelope.
    pub from: String,
    /// Of the envelope.
    pub to: Vec<String>,
    /// Whether it came encrypted.
    pub tls: bool,
    /// Who had proven to be the sender.
    pub auth: Option<String>,
    /// How the client called itself.
    pub hello: String,
    /// Mails of one number came over one connection.
    pub connection: u32,
    #[serde(rename = "source", deserialize_with = "mail")]
    pub mail: Mail,
}

fn mail<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Mail, D::Error> {
    let text = String::deserialize(deserializer)?;
    let bytes = BASE64.decode(text.as_bytes()).expect("the recorder writes base64");
    Ok(Mail::parse(&bytes))
}
