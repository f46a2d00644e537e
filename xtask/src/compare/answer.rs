//! One of the services, and what it answered.

use anyhow::{Context as _, Result};
use serde_json::Value;
use transcript::{Exchange, Known, fill, learn};
use ureq::Agent;
use ureq::http::{HeaderMap, Request};

/// The headers by which clients decide.
const HEADERS: [&str; 6] =
    ["content-type", "www-authenticate", "allow", "vary", "location", "x-frame-options"];
/// What one service calls by another value than the other is shown by its name.
const ABSENT: &str = "-";

/// A service, with what its own answers have told.
pub(super) struct Side {
    base: String,
    agent: Agent,
    known: Known,
}

/// Values that stand for themselves are replaced by the names that the document has for them.
#[derive(PartialEq, Eq)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) headers: Vec<(&'static str, String)>,
    pub(super) body: String,
}

impl Side {
    pub(super) fn at(base: &str) -> Self {
        let config = Agent::config_builder().http_status_as_error(false).max_redirects(0);
        let agent = config.allow_non_standard_methods(true).build().into();
        Self { base: base.trim_end_matches('/').to_owned(), agent, known: Known::new() }
    }

    pub(super) fn ask(&mut self, exchange: &Exchange) -> Result<Answer> {
        let place = || format!("{} {}{}", exchange.method, self.base, exchange.path);
        let uri = format!("{}{}", self.base, fill(&exchange.path, &self.known));
        let mut request = Request::builder().method(exchange.method.as_str()).uri(uri);
        let has_type =
            exchange.headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("content-type"));
        if !exchange.body.is_empty() && !has_type {
            request = request.header("content-type", "application/json");
        }
        for (name, value) in exchange.headers.iter().filter(|(_, value)| value != ABSENT) {
            request = request.header(name.as_str(), fill(value, &self.known));
        }
        let body = fill(&exchange.body, &self.known);
        let request = request.body(body).with_context(place)?;
        let mut response = self.agent.run(request).with_context(place)?;
        let text = response.body_mut().read_to_string().with_context(place)?;
        Ok(Answer {
            status: response.status().as_u16(),
            headers: headers(response.headers()),
            body: self.neutral(exchange, &text),
        })
    }

    /// The body with the document's names in place of the values of this service.
    fn neutral(&mut self, exchange: &Exchange, text: &str) -> String {
        let Ok(sent) = serde_json::from_str::<Value>(text) else { return text.to_owned() };
        if let Ok(expected) = serde_json::from_str(&exchange.expected_body) {
            learn(expected, &sent, &mut self.known);
        }
        let named = self.known.iter().filter(|(_, value)| !value.is_empty());
        named.fold(text.to_owned(), |text, (name, value)| text.replace(value, &format!("<{name}>")))
    }
}

fn headers(headers: &HeaderMap) -> Vec<(&'static str, String)> {
    let value = |name: &str| {
        headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or(ABSENT).to_owned()
    };
    HEADERS.into_iter().map(|name| (name, value(name))).collect()
}
