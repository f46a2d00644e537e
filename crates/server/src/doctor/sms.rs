//! Do text messages reach anybody?

use super::PATIENCE;
use super::finding::Finding;
use crate::config::{Profile, Settings, SmsTransport};
use crate::ways::texter;

const CHECK: &str = "text messages";

pub(super) async fn check(settings: &Settings) -> Finding {
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
        SmsTransport::Log => Finding::ok(CHECK, "written to the log"),
        SmsTransport::Gateway => {
            reach(settings, "check sms.gateway_url, that it is reached from here, and sms.ca_file")
                .await
        }
        SmsTransport::Twilio => {
            reach(settings, "check sms.twilio_url and that it is reached from here").await
        }
    }
}

/// Asks whether somebody answers there; sends no message.
async fn reach(settings: &Settings, mend: &str) -> Finding {
    let texter = match texter(settings) {
        Ok(Some(texter)) => texter,
        Ok(None) => return Finding::ok(CHECK, "none are sent"),
        Err(error) => return Finding::problem(CHECK, format!("{error:#}"), mend),
    };
    match tokio::time::timeout(2 * PATIENCE, texter.check()).await {
        Ok(Ok(says)) => Finding::ok(CHECK, says),
        Ok(Err(error)) => Finding::problem(CHECK, error.to_string(), mend),
        Err(_) => Finding::problem(CHECK, "the gateway is silent", mend),
    }
}
