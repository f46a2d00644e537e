//! Text messages through Twilio: "Messages resource" of its API of 2010-04-01.

use async_trait::async_trait;
use operations::ports::{OutgoingText, TextError, Texter};
use reqwest::Url;
use serde_json::Value;
use url::form_urlencoded::Serializer;

use super::repeated::secrets;
use crate::https::{Answer, Client, ask, judge, name};
use crate::reason::first_line;

/// "Error and warning dictionary": the number is none (21211, 21214, 21217, 21614), of a country that
/// is not enabled (21408), has asked for silence (21610), cannot be reached (21612), or the text is
/// empty or too long (21602, 21617).
const ABOUT_THE_MESSAGE: [u64; 9] = [21211, 21214, 21217, 21408, 21602, 21610, 21612, 21614, 21617];

pub struct TwilioTexter {
    client: Client,
    settings: TwilioSettings,
}

#[derive(Clone)]
pub struct TwilioSettings {
    /// `https://api.twilio.com`, or of a region.
    pub url: Url,
    pub account: String,
    /// The account itself, or an API key.
    pub user: String,
    pub secret: String,
    pub from: TwilioSender,
}

#[derive(Clone)]
pub enum TwilioSender {
    /// A number, or a name where countries allow it.
    From(String),
    MessagingService(String),
}

impl TwilioTexter {
    pub fn new(client: Client, settings: TwilioSettings) -> Self {
        Self { client, settings }
    }

    fn address(&self) -> Url {
        let mut url = self.settings.url.clone();
        url.set_path(&format!("/2010-04-01/Accounts/{}/Messages.json", self.settings.account));
        url
    }
}

#[async_trait]
impl Texter for TwilioTexter {
    async fn send(&self, text: &OutgoingText) -> Result<(), TextError> {
        let (key, from) = match &self.settings.from {
            TwilioSender::From(from) => ("From", from),
            TwilioSender::MessagingService(sid) => ("MessagingServiceSid", sid),
        };
        let form = Serializer::new(String::new())
            .append_pair("To", &text.to)
            .append_pair(key, from)
            .append_pair("Body", &text.text)
            .finish();
        let request = self
            .client
            .post(self.address())
            .basic_auth(&self.settings.user, Some(&self.settings.secret))
            .header("content-type", "application/x-www-form-urlencoded")
            .body(form);
        let name = name(&self.settings.url);
        let answer = ask(&name, request).await?;
        let repeated = secrets(&text.text);
        let mut hidden = vec![text.text.as_str(), &text.to, text.to.trim_start_matches('+')];
        hidden.extend(repeated.iter().map(String::as_str));
        explain(&name, &answer, &hidden)
    }

    async fn check(&self) -> Result<String, TextError> {
        Ok(self.client.check(&self.settings.url).await?)
    }
}

/// Twilio says by a number of its own what is wrong; the status alone tells less.
fn explain(name: &str, answer: &Answer, hidden: &[&str]) -> Result<(), TextError> {
    if answer.status.is_success() {
        return Ok(());
    }
    let said: Value = serde_json::from_str(&answer.body).unwrap_or_default();
    let Some(code) = said["code"].as_u64() else { return Ok(judge(name, answer, hidden)?) };
    let words = first_line(said["message"].as_str().unwrap_or_default(), hidden);
    let reason = format!("{name} answered {}, error {code}: {words}", answer.status.as_u16());
    match answer.status.as_u16() {
        _ if ABOUT_THE_MESSAGE.contains(&code) => Err(TextError::Refused(reason)),
        // Credentials (20003), too many requests (20429): between Twilio and the operator.
        401 | 403 | 404 | 429 | 502..=504 => Err(TextError::Unreachable(reason)),
        // Perhaps the sender (21606), perhaps this number: no reason to stop others.
        _ => Err(TextError::Unavailable(reason)),
    }
}
