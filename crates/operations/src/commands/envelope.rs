//! The attributes of a command: the JSON format of `CloudEvents` 1.0.

use std::borrow::Cow;

use domain::{Timestamp, UserId};
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::value::RawValue;
use uuid::Uuid;

/// Of a source, in bytes.
pub const LONGEST_NAME: usize = 64;
/// Of the id of a message, in bytes.
pub(super) const LONGEST_ID: usize = 255;
/// A UUID with its hyphens.
const UUID_LENGTH: usize = 36;

/// Attributes that are no business of ours are skipped, as `CloudEvents` asks.
#[derive(Deserialize)]
struct Written<'a> {
    #[serde(borrow)]
    specversion: Cow<'a, str>,
    #[serde(borrow)]
    id: Cow<'a, str>,
    #[serde(borrow)]
    source: Cow<'a, str>,
    #[serde(borrow, rename = "type")]
    kind: Cow<'a, str>,
    #[serde(borrow)]
    subject: Cow<'a, str>,
    #[serde(borrow)]
    time: Cow<'a, str>,
    #[serde(borrow)]
    datacontenttype: Option<Cow<'a, str>>,
    #[serde(borrow)]
    data: Option<&'a RawValue>,
    data_base64: Option<IgnoredAny>,
}

pub(super) struct Envelope<'a> {
    pub(super) id: String,
    pub(super) kind: String,
    pub(super) subject: UserId,
    pub(super) time: Timestamp,
    pub(super) data: Option<&'a RawValue>,
}

/// What is wrong, in words for the sender.
pub(super) fn open(value: &[u8]) -> Result<Envelope<'_>, String> {
    let written: Written<'_> = serde_json::from_slice(value).map_err(|error| error.to_string())?;
    if written.specversion != "1.0" {
        return Err("specversion is not 1.0".to_owned());
    }
    if !is_name(&written.id, LONGEST_ID) {
        return Err(format!("id is not 1 to {LONGEST_ID} visible ASCII characters"));
    }
    if !is_name(&written.source, LONGEST_NAME) {
        return Err(format!("source is not 1 to {LONGEST_NAME} visible ASCII characters"));
    }
    if written.datacontenttype.is_some_and(|kind| kind != "application/json") {
        return Err("datacontenttype is not application/json".to_owned());
    }
    if written.data_base64.is_some() {
        return Err("data_base64 in the place of data".to_owned());
    }
    let subject = Some(&written.subject).filter(|text| text.len() == UUID_LENGTH);
    let subject = subject.and_then(|text| Uuid::parse_str(text).ok());
    Ok(Envelope {
        subject: UserId(subject.ok_or("subject is not the id of a user")?),
        time: Timestamp::parse_rfc3339(&written.time).ok_or("time is no RFC 3339 time")?,
        id: written.id.into_owned(),
        kind: written.kind.into_owned(),
        data: written.data,
    })
}

/// What every database compares byte by byte, and every log can show.
pub(super) fn is_name(text: &str, longest: usize) -> bool {
    (1..=longest).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic())
}
