//! `[sms]`: how text messages leave the service.

use super::reader::Reader;
use super::written::quoted;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SmsTransport {
    /// Nothing is sent to phones.
    None,
    /// One `.sms` file a message beside the mails; for development and tests.
    Folder,
}

#[derive(Clone, Debug)]
pub struct Sms {
    pub transport: SmsTransport,
}

impl Sms {
    pub(super) fn read(reader: &mut Reader) -> Self {
        let transport = reader.optional_parsed("sms.transport", "\"none\", \"folder\"", parse);
        let transport = match transport {
            Some(transport) => transport,
            None if reader.is_production() => SmsTransport::None,
            None => SmsTransport::Folder,
        };
        if transport == SmsTransport::Folder && reader.is_production() {
            reader.warn("sms.transport", "text messages stay in a folder and reach nobody");
        }
        Self { transport }
    }
}

fn parse(text: &str) -> Result<SmsTransport, String> {
    match text {
        "none" => Ok(SmsTransport::None),
        "folder" => Ok(SmsTransport::Folder),
        other => Err(format!("{} is not one of \"none\", \"folder\"", quoted(other))),
    }
}
