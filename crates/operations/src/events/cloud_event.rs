//! An event as others get it: `CloudEvents` 1.0, with its extension "sequence" and four of ours.

use serde::Serialize;
use serde_json::value::RawValue;
use storage::event_log::Logged;

pub(super) const SPEC_VERSION: &str = "1.0";
pub(super) const CONTENT_TYPE: &str = "application/json";
/// As many digits as the greatest number has, and one.
pub(super) const SEQUENCE_DIGITS: usize = 20;

/// The `source` of every event of this deployment: with `id` it names an event for good.
#[derive(Clone, Debug)]
pub struct EventSource(pub String);

/// Serialises as the JSON format of `CloudEvents` 1.0.
#[derive(Debug, Serialize)]
pub struct CloudEvent {
    pub specversion: &'static str,
    pub id: String,
    pub source: String,
    #[serde(rename = "type")]
    pub kind: String,
    /// The id of the user.
    pub subject: String,
    /// RFC 3339 in UTC.
    pub time: String,
    pub datacontenttype: &'static str,
    /// Of one length, so that texts compare as the numbers do: the order of the whole log.
    pub sequence: String,
    /// Counts the events of the user from 1, without a gap.
    pub userversion: String,
    /// Who did it: `user`, `service`, `source`, `operator`, `system` or `anonymous`.
    pub actor: String,
    /// Which user, service or source.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub actorid: Option<String>,
    pub data: Box<RawValue>,
}

impl CloudEvent {
    /// Fails when a row holds no JSON, which no version of this program wrote.
    pub fn of(logged: &Logged, source: &EventSource) -> Result<Self, serde_json::Error> {
        Ok(Self {
            specversion: SPEC_VERSION,
            id: logged.id.to_string(),
            source: source.0.clone(),
            kind: logged.name.clone(),
            subject: logged.user_id.to_string(),
            time: logged.occurred_at.to_rfc3339(),
            datacontenttype: CONTENT_TYPE,
            sequence: format!("{:0SEQUENCE_DIGITS$}", logged.position),
            userversion: logged.user_version.to_string(),
            actor: logged.actor.clone(),
            actorid: logged.actor_id.map(|id| id.to_string()),
            data: RawValue::from_string(logged.data.clone())?,
        })
    }

    /// The attributes beside `data`, as headers of the binary mode for Kafka carry them.
    pub fn attributes(&self) -> Vec<(&'static str, &str)> {
        let mut attributes = vec![
            ("ce_specversion", self.specversion),
            ("ce_id", self.id.as_str()),
            ("ce_source", self.source.as_str()),
            ("ce_type", self.kind.as_str()),
            ("ce_subject", self.subject.as_str()),
            ("ce_time", self.time.as_str()),
            ("ce_sequence", self.sequence.as_str()),
            ("ce_userversion", self.userversion.as_str()),
            ("ce_actor", self.actor.as_str()),
        ];
        attributes.extend(self.actorid.as_deref().map(|id| ("ce_actorid", id)));
        attributes
    }
}
