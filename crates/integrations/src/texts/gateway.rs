//! Text messages through any gateway that takes a request for each.

use async_trait::async_trait;
use operations::ports::{OutgoingText, TextError, Texter};
use reqwest::Url;

use super::repeated::{secrets, values_of_body, values_of_url};
use super::template::{Escape, SAMPLE, Template, Values};
use crate::https::{Client, ask, judge, name};

pub struct GatewayTexter {
    client: Client,
    settings: GatewaySettings,
}

#[derive(Clone)]
pub struct GatewaySettings {
    /// May hold places and secrets.
    pub url: Template,
    /// Without it, the request is a `GET`.
    pub body: Option<(Template, Escape)>,
    /// The whole header; secret.
    pub authorization: Option<String>,
    /// What the answer holds when the message was taken: some say 200 to everything.
    pub success: Option<String>,
    pub from: String,
}

/// What is wrong with them; it quotes nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GatewayProblem {
    Url,
    /// Who could be written to would choose where it goes.
    PlaceInHost,
    NoText,
    Json,
    Authorization,
}

impl GatewaySettings {
    /// Tried on a message that breaks out of whatever is not escaped.
    pub fn problem(&self) -> Option<GatewayProblem> {
        let beginning = self.url.beginning();
        let after_host = beginning.split_once("://").and_then(|(_, rest)| rest.find(['/', '?']));
        let url = self.url(&SAMPLE);
        let body = self.body.as_ref();
        if self.url.has_places() && after_host.is_none() {
            Some(GatewayProblem::PlaceInHost)
        } else if url.is_none() {
            Some(GatewayProblem::Url)
        } else if !self.url.has_text() && !body.is_some_and(|(body, _)| body.has_text()) {
            Some(GatewayProblem::NoText)
        } else if body.is_some_and(|(body, escape)| *escape == Escape::Json && !is_json(body)) {
            Some(GatewayProblem::Json)
        } else if self.authorization.as_ref().is_some_and(|value| !is_header(value)) {
            Some(GatewayProblem::Authorization)
        } else {
            None
        }
    }

    /// For who checks where it leads.
    pub fn sample_url(&self) -> Option<Url> {
        self.url(&SAMPLE)
    }

    fn url(&self, values: &Values<'_>) -> Option<Url> {
        let url = Url::parse(&self.url.render(values, Escape::Percent)).ok()?;
        Some(url).filter(Url::has_host)
    }
}

fn is_json(body: &Template) -> bool {
    serde_json::from_str::<serde_json::Value>(&body.render(&SAMPLE, Escape::Json)).is_ok()
}

fn is_header(value: &str) -> bool {
    reqwest::header::HeaderValue::from_str(value).is_ok()
}

impl GatewayTexter {
    pub fn new(client: Client, settings: GatewaySettings) -> Self {
        Self { client, settings }
    }
}

#[async_trait]
impl Texter for GatewayTexter {
    async fn send(&self, text: &OutgoingText) -> Result<(), TextError> {
        let OutgoingText { id, to, text, .. } = text;
        let GatewaySettings { body, authorization, success, from, .. } = &self.settings;
        let values = Values { to, text, id, from };
        let broken = || TextError::Unreachable("sms.gateway_url is not a URL".to_owned());
        let url = self.settings.url(&values).ok_or_else(broken)?;
        let name = name(&url);
        let mut repeated = values_of_url(&url);
        repeated.extend(secrets(text));
        let mut request = match body {
            None => self.client.get(url),
            Some((body, escape)) => {
                let kind = escape.content_type();
                let body = body.render(&values, *escape);
                repeated.extend(values_of_body(&body, *escape));
                self.client.post(url).header("content-type", kind).body(body)
            }
        };
        if let Some(value) = authorization {
            request = request.header("authorization", value);
        }
        let answer = ask(&name, request).await?;
        let mut hidden = vec![text.as_str(), to, to.trim_start_matches('+')];
        hidden.extend(authorization.iter().map(String::as_str));
        hidden.extend(repeated.iter().map(String::as_str));
        judge(&name, &answer, &hidden)?;
        match success {
            Some(words) if !answer.body.contains(words) => {
                let said = crate::reason::first_line(&answer.body, &hidden);
                Err(TextError::Unavailable(format!("{name} answered without success: {said}")))
            }
            Some(_) | None => Ok(()),
        }
    }

    async fn check(&self) -> Result<String, TextError> {
        match self.settings.sample_url() {
            Some(url) => Ok(self.client.check(&url).await?),
            None => Err(TextError::Unreachable("sms.gateway_url is not a URL".to_owned())),
        }
    }
}

impl Escape {
    const fn content_type(self) -> &'static str {
        match self {
            Self::Json => "application/json",
            Self::Percent => "application/x-www-form-urlencoded",
        }
    }
}
