//! From a composed mail to a MIME message.

use std::str::FromStr;
use std::time::{Duration, UNIX_EPOCH};

use lettre::address::AddressError;
use lettre::message::header::{Header, HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart};
use lettre::{Address, Message};
use operations::ports::{MailError, OutgoingMail};

/// The `From` of every mail.
#[derive(Clone, Debug)]
pub struct Sender(Mailbox);

impl FromStr for Sender {
    type Err = AddressError;

    fn from_str(text: &str) -> Result<Self, AddressError> {
        text.parse().map(Self)
    }
}

impl Sender {
    /// The mail as it goes over the wire.
    pub fn source(&self, mail: &OutgoingMail) -> Result<Vec<u8>, MailError> {
        Ok(self.compose(mail)?.formatted())
    }

    /// Text and HTML alternatives. Addresses and subjects are encoded, so no line break in them
    /// can become a header (REG-07).
    pub(super) fn compose(&self, mail: &OutgoingMail) -> Result<Message, MailError> {
        let refused = |what: &str| MailError::Refused(what.to_owned());
        let to = address(&mail.to).ok_or_else(|| refused("the address cannot be mailed to"))?;
        let seconds = u64::try_from(mail.now.as_seconds()).unwrap_or(0);
        Message::builder()
            .from(self.0.clone())
            .to(Mailbox::new(None, to))
            .subject(&mail.subject)
            .date(UNIX_EPOCH + Duration::from_secs(seconds))
            // The same for every attempt, so that a repeated one is recognised.
            .message_id(Some(format!("<{}@{}>", mail.id, self.0.email.domain())))
            .header(AutoSubmitted)
            .multipart(MultiPart::alternative_plain_html(mail.text.clone(), mail.html.clone()))
            .map_err(|_| refused("the mail cannot be composed"))
    }
}

/// The domain in the form that every server knows, whatever letters it has: SMTPUTF8 is needed only
/// for what stands before the `@`.
fn address(text: &str) -> Option<Address> {
    let (local, domain) = text.rsplit_once('@')?;
    Address::new(local, idna::domain_to_ascii_strict(domain).ok()?).ok()
}

/// `Auto-Submitted: auto-generated` (RFC 3834 §5): no out-of-office answers, please.
#[derive(Clone)]
struct AutoSubmitted;

impl Header for AutoSubmitted {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Auto-Submitted")
    }

    fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self)
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), "auto-generated".to_owned())
    }
}
