//! From the value of a message to the command in it.

use domain::{RoleName, Timestamp, UserId};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use super::command::{Command, CommandKind};
use super::envelope::{Envelope, open};
use crate::accounts::{AccountChange, BlockTerms, Change};

/// What a message says, whoever sent it.
pub(super) struct Order {
    pub(super) user: UserId,
    pub(super) time: Timestamp,
    pub(super) command: Command,
}

/// Why a value is no command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BadOrder {
    UnknownType(String),
    Schema(String),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct BlockData {
    until: Option<String>,
    reason: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NoData {}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct GrantData {
    role: String,
}

/// What is absent stays, `null` clears.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ProfileData {
    #[serde(default, deserialize_with = "change")]
    first_name: Change<String>,
    #[serde(default, deserialize_with = "change")]
    last_name: Change<String>,
    #[serde(default, deserialize_with = "change")]
    locale: Change<String>,
    #[serde(default, deserialize_with = "change")]
    metadata: Change<Map<String, Value>>,
}

/// The command that a value holds, as its JSON Schema says; its signature is asked for elsewhere.
pub fn parse(value: &[u8]) -> Result<Command, BadOrder> {
    let envelope = open(value).map_err(BadOrder::Schema)?;
    order(&envelope).map(|order| order.command)
}

pub(super) fn order(envelope: &Envelope<'_>) -> Result<Order, BadOrder> {
    let kind = CommandKind::of_type(&envelope.kind)
        .ok_or_else(|| BadOrder::UnknownType(envelope.kind.clone()))?;
    let command = command(kind, envelope.data).map_err(BadOrder::Schema)?;
    Ok(Order { user: envelope.subject, time: envelope.time, command })
}

fn command(kind: CommandKind, data: Option<&RawValue>) -> Result<Command, String> {
    // Of those that need nothing said.
    let data = data.map(RawValue::get);
    let optional = data.unwrap_or("{}");
    let required = || data.ok_or_else(|| "data is missing".to_owned());
    Ok(match kind {
        CommandKind::Block => {
            let BlockData { until, reason } = read(optional)?;
            let until = until.map(|text| {
                Timestamp::parse_rfc3339(&text).ok_or("data: until is no RFC 3339 time")
            });
            Command::Block(BlockTerms { reason, until: until.transpose()? })
        }
        CommandKind::Unblock => {
            let NoData {} = read(optional)?;
            Command::Unblock
        }
        CommandKind::Delete => {
            let NoData {} = read(optional)?;
            Command::Delete
        }
        CommandKind::GrantRole => {
            let GrantData { role } = read(required()?)?;
            let parsed = RoleName::parse(&role);
            Command::GrantRole(parsed.map_err(|_| "data: role is no name of a role")?)
        }
        CommandKind::UpdateProfile => {
            let ProfileData { first_name, last_name, locale, metadata } = read(required()?)?;
            let metadata = match metadata {
                Change::Keep => Change::Keep,
                Change::Clear => Change::Clear,
                Change::Set(object) => Change::Set(Value::Object(object).to_string()),
            };
            let names = AccountChange { first_name, last_name, ..AccountChange::default() };
            Command::UpdateProfile(AccountChange { locale, metadata, ..names })
        }
    })
}

fn read<'a, T: Deserialize<'a>>(data: &'a str) -> Result<T, String> {
    // A list would do for serde, field by field.
    if !data.starts_with('{') {
        return Err("data is no object".to_owned());
    }
    serde_json::from_str(data).map_err(|error| format!("data: {error}"))
}

fn change<'de, D, T>(value: D) -> Result<Change<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    Ok(Option::<T>::deserialize(value)?.map_or(Change::Clear, Change::Set))
}
