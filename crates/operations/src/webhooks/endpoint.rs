//! An address to which events are sent, as whoever manages it sees it.

use domain::event::EventKind;
use domain::{Field, FieldError, Refusal, Rule, Timestamp};
use storage::webhook_endpoints::WebhookEndpoint;
use uuid::Uuid;

use crate::error::{Fault, Result};
use crate::services::Services;

/// Longer URLs are nobody's.
const LONGEST_URL: usize = 2000;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Webhook {
    pub id: Uuid,
    pub url: String,
    /// Which events are sent; none means all.
    pub types: Vec<String>,
    pub created_at: Timestamp,
    /// Until when the secret before signs as well.
    pub previous_until: Option<Timestamp>,
    /// Since when and why nothing is sent.
    pub paused: Option<(Timestamp, String)>,
}

impl Webhook {
    pub(super) fn of(row: WebhookEndpoint) -> Result<Self> {
        Ok(Self {
            id: row.id,
            url: row.url,
            types: types_of(&row.types)?,
            created_at: row.created_at,
            previous_until: row.previous.map(|(_, until)| until),
            paused: row.paused,
        })
    }
}

pub(super) fn types_of(json: &str) -> Result<Vec<String>> {
    Ok(serde_json::from_str(json).map_err(Fault::Encoding)?)
}

/// Refuses with everything that is wrong; answers the address, if one was asked for, and the types as they
/// are stored.
pub(super) fn admit(
    services: &Services,
    url: Option<&str>,
    types: &[String],
) -> Result<(Option<String>, String)> {
    let mut errors = Vec::new();
    let admitted = url.map(|url| match services.webhooks.check(url) {
        _ if url.len() > LONGEST_URL => Err(Rule::TooLong { max: LONGEST_URL }),
        checked => checked.map_err(|problem| Rule::NoWebhook(problem.as_str())),
    });
    let url = admitted.transpose().unwrap_or_else(|rule| {
        errors.push(FieldError { field: Field::WebhookUrl, rule });
        None
    });
    let unknown = types.iter().filter(|name| EventKind::parse(name).is_none());
    errors.extend(unknown.map(|name| {
        let rule = Rule::UnknownEventType(name.chars().take(100).collect());
        FieldError { field: Field::EventTypes, rule }
    }));
    if !errors.is_empty() {
        return Err(Refusal::Invalid(errors).into());
    }
    let mut types = types.to_vec();
    types.sort_unstable();
    types.dedup();
    Ok((url, serde_json::to_string(&types).map_err(Fault::Encoding)?))
}
