//! Accounts as they are by now, for the topic that keeps the newest state of each.

use std::collections::HashMap;

use domain::{Status, User, UserId};
use serde::Serialize;
use serde_json::value::RawValue;
use storage::event_log::Logged;
use storage::users;

use super::message;
use crate::error::{Fault, Result};
use crate::ports::StreamMessage;
use crate::services::Services;

/// Serialises as the value under the id of the account. Read after the event that it is told for: it may
/// know more than that event.
#[derive(Serialize)]
struct State<'a> {
    id: String,
    number: i64,
    username: Option<&'a str>,
    email: Option<&'a str>,
    email_verified: bool,
    phone: Option<&'a str>,
    phone_verified: bool,
    first_name: &'a str,
    last_name: &'a str,
    locale: Option<&'a str>,
    roles: Vec<&'a str>,
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    blocked_until: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    purge_at: Option<String>,
    created_at: String,
    updated_at: String,
    last_login_at: Option<String>,
    metadata: Box<RawValue>,
    /// The event after which it was read, at least: a state with a smaller one is older.
    userversion: i64,
}

/// One message for each account among the events, in the order of its last event, each with the place of
/// that event among them.
pub(super) async fn messages(
    services: &Services,
    logged: &[Logged],
) -> Result<Vec<(usize, StreamMessage)>> {
    let last: HashMap<UserId, usize> =
        logged.iter().enumerate().map(|(at, event)| (event.user_id, at)).collect();
    let mut users = read(services, logged, last.len()).await?;
    let mut messages = Vec::with_capacity(last.len());
    for (at, event) in logged.iter().enumerate() {
        if last.get(&event.user_id) != Some(&at) {
            continue;
        }
        let user = users.remove(&event.user_id).filter(|user| user.status != Status::Purged);
        let body = user.map(|user| body(&user, event.user_version)).transpose()?;
        messages.push((at, message::state(event.id.to_string(), event.user_id, body)));
    }
    Ok(messages)
}

/// The account alone, as it was after so many events at least.
pub(super) fn message(user: &User, userversion: i64) -> Result<StreamMessage> {
    Ok(message::state(user.id.to_string(), user.id, Some(body(user, userversion)?)))
}

fn body(user: &User, userversion: i64) -> Result<Vec<u8>> {
    let state = state(user, userversion).map_err(Fault::Encoding)?;
    Ok(serde_json::to_vec(&state).map_err(Fault::Encoding)?)
}

/// The accounts of all these events, by as many statements whoever they are: events of more than one
/// account are a part of the log without a gap.
async fn read(
    services: &Services,
    logged: &[Logged],
    accounts: usize,
) -> Result<HashMap<UserId, User>> {
    let (Some(first), Some(last)) = (logged.first(), logged.last()) else {
        return Ok(HashMap::new());
    };
    let mut read = services.store.read().await?;
    let users = if accounts == 1 {
        users::find(&mut read, first.user_id).await?.into_iter().collect()
    } else {
        users::of_events(&mut read, first.position - 1, last.position).await?
    };
    Ok(users.into_iter().map(|user| (user.id, user)).collect())
}

fn state(user: &User, userversion: i64) -> Result<State<'_>, serde_json::Error> {
    let (blocked_until, purge_at) = match user.status {
        Status::Blocked { until } => (until, None),
        Status::Deleted { purge_at } => (None, Some(purge_at)),
        Status::Active | Status::Purged => (None, None),
    };
    Ok(State {
        id: user.id.to_string(),
        number: user.number,
        username: user.username.as_deref(),
        email: user.email.as_deref(),
        email_verified: user.email_verified,
        phone: user.phone.as_deref(),
        phone_verified: user.phone_verified,
        first_name: &user.profile.first_name,
        last_name: &user.profile.last_name,
        locale: user.profile.locale.as_deref(),
        roles: user.roles.iter().map(domain::RoleName::as_str).collect(),
        status: user.status.as_str(),
        blocked_until: blocked_until.map(domain::Timestamp::to_rfc3339),
        purge_at: purge_at.map(domain::Timestamp::to_rfc3339),
        created_at: user.created_at.to_rfc3339(),
        updated_at: user.updated_at.to_rfc3339(),
        last_login_at: user.last_login_at.map(domain::Timestamp::to_rfc3339),
        metadata: RawValue::from_string(user.profile.metadata.clone())?,
        userversion,
    })
}
