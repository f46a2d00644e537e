//! `sms.twilio_…`: text messages through Twilio.

use integrations::texts::{TwilioSender, TwilioSettings};
use secrecy::{ExposeSecret, SecretString};
use url::Url;

use super::Security;
use super::reader::Reader;
use super::urls::web_url;
use super::written::quoted;

const URL: &str = "sms.twilio_url";
const ACCOUNT: &str = "sms.twilio_account_sid";
const SECRET: &str = "sms.twilio_secret";
const SERVICE: &str = "sms.twilio_messaging_service_sid";

#[derive(Clone, Debug)]
pub struct Twilio {
    pub url: Url,
    pub account: Option<String>,
    pub api_key: Option<String>,
    pub secret: Option<SecretString>,
    pub messaging_service: Option<String>,
}

impl Twilio {
    pub(super) fn read(reader: &mut Reader, security: &Security) -> Self {
        let twilio = Self {
            url: reader.parsed(URL, "URL", web_url),
            account: reader.optional_parsed(ACCOUNT, "AC and digits", |text| sid("AC", text)),
            api_key: reader
                .optional_parsed("sms.twilio_api_key", "SK and digits", |text| sid("SK", text)),
            secret: reader.secret(SECRET),
            messaging_service: reader
                .optional_parsed(SERVICE, "MG and digits", |text| sid("MG", text)),
        };
        let url = SecretString::from(twilio.url.to_string());
        security.check_connection(reader, URL, &url, &["http", "https"], "begin it with https://");
        twilio
    }

    pub(super) fn require(&self, reader: &mut Reader, has_from: bool) {
        let with = "must be set with sms.transport = \"twilio\"";
        if self.account.is_none() {
            reader.refuse(ACCOUNT, with);
        }
        if self.secret.is_none() {
            reader.refuse(SECRET, with);
        }
        match (has_from, self.messaging_service.is_some()) {
            (false, false) => reader.refuse("sms.from", format!("{with}, or {SERVICE}")),
            (true, true) => reader.refuse(SERVICE, "sms.from is set, too: keep one"),
            (true, false) | (false, true) => {}
        }
    }

    pub(crate) fn settings(&self, from: Option<&str>) -> Option<TwilioSettings> {
        let account = self.account.clone()?;
        let service = self.messaging_service.clone().map(TwilioSender::MessagingService);
        Some(TwilioSettings {
            url: self.url.clone(),
            user: self.api_key.clone().unwrap_or_else(|| account.clone()),
            account,
            secret: self.secret.as_ref()?.expose_secret().to_owned(),
            from: service.or_else(|| from.map(|from| TwilioSender::From(from.to_owned())))?,
        })
    }
}

/// What Twilio calls its things; the account's becomes part of a path.
fn sid(kind: &str, text: &str) -> Result<String, String> {
    let digits = text.strip_prefix(kind).unwrap_or_default();
    if digits.len() == 32 && digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        Ok(text.to_owned())
    } else {
        Err(format!("{} is not {kind} and 32 digits", quoted(text)))
    }
}
