//! `[sms]`: how text messages leave the service.

use std::path::PathBuf;
use std::time::Duration;

use domain::limit::InvalidQuota;
use operations::TextRules;

use super::Security;
use super::gateway::Gateway;
use super::reader::Reader;
use super::twilio::Twilio;
use super::written::quoted;

const TRANSPORT: &str = "sms.transport";
const FORM: &str = "\"none\", \"folder\", \"log\", \"gateway\", \"twilio\"";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SmsTransport {
    /// Nothing is sent to phones.
    None,
    /// One `.sms` file a message beside the mails; for development and tests.
    Folder,
    /// For development.
    Log,
    /// A request of the operator's own form.
    Gateway,
    Twilio,
}

#[derive(Clone, Debug)]
pub struct Sms {
    pub transport: SmsTransport,
    pub timeout: Duration,
    pub from: Option<String>,
    /// Whom to trust beside the system's certificates.
    pub ca_file: Option<PathBuf>,
    pub rules: TextRules,
    pub gateway: Gateway,
    pub twilio: Twilio,
}

impl Sms {
    pub(super) fn read(reader: &mut Reader, security: &Security) -> Self {
        let sms = Self {
            transport: transport(reader),
            timeout: reader
                .duration("sms.timeout", Duration::from_millis(100)..=Duration::from_mins(1)),
            from: reader.optional_parsed("sms.from", "text", |text| Ok(text.to_owned())),
            ca_file: reader.optional_parsed("sms.ca_file", "path", |text| Ok(PathBuf::from(text))),
            rules: rules(reader),
            gateway: Gateway::read(reader, security),
            twilio: Twilio::read(reader, security),
        };
        match sms.transport {
            SmsTransport::Folder if reader.is_production() => {
                reader.warn(TRANSPORT, "text messages stay in a folder and reach nobody");
            }
            SmsTransport::Log => {
                reader.refuse_in_production(TRANSPORT, "\"log\" writes codes to the log");
            }
            SmsTransport::Gateway => sms.gateway.require(reader),
            SmsTransport::Twilio => sms.twilio.require(reader, sms.from.is_some()),
            SmsTransport::None | SmsTransport::Folder => {}
        }
        sms
    }
}

fn transport(reader: &mut Reader) -> SmsTransport {
    match reader.optional_parsed(TRANSPORT, FORM, parse) {
        Some(transport) => transport,
        None if reader.is_production() => SmsTransport::None,
        None => SmsTransport::Folder,
    }
}

fn rules(reader: &mut Reader) -> TextRules {
    TextRules {
        per_prefix: reader.parsed("sms.per_prefix", "limit, such as \"100/h\"", |text| {
            text.parse().map_err(|InvalidQuota| format!("{} is not {InvalidQuota}", quoted(text)))
        }),
        allowed_prefixes: reader.list("sms.allowed_prefixes", "+ and digits", prefix),
    }
}

fn parse(text: &str) -> Result<SmsTransport, String> {
    match text {
        "none" => Ok(SmsTransport::None),
        "folder" => Ok(SmsTransport::Folder),
        "log" => Ok(SmsTransport::Log),
        "gateway" => Ok(SmsTransport::Gateway),
        "twilio" => Ok(SmsTransport::Twilio),
        other => Err(format!("{} is not one of {FORM}", quoted(other))),
    }
}

fn prefix(text: &str) -> Result<String, String> {
    let digits = text.strip_prefix('+').unwrap_or_default();
    if (1..=15).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit()) {
        Ok(text.to_owned())
    } else {
        Err(format!("{} is not + and the first digits of numbers", quoted(text)))
    }
}
