//! Do text messages reach anybody?

use super::finding::Finding;
use crate::config::{Profile, Settings, SmsTransport};

const CHECK: &str = "text messages";

pub(super) fn check(settings: &Settings) -> Finding {
    let is_production = settings.profile == Profile::Production;
    match settings.sms.transport {
        SmsTransport::None => Finding::ok(
            CHECK,
            "none are sent: phone numbers are not verified, and no account is recovered by one",
        ),
        SmsTransport::Folder if is_production => Finding::warning(
            CHECK,
            format!("kept in {}: no code reaches a phone", settings.mail.folder.display()),
            "set sms.transport to \"none\", so that no code is promised that nobody gets",
        ),
        SmsTransport::Folder => {
            Finding::ok(CHECK, format!("written to {}", settings.mail.folder.display()))
        }
    }
}
