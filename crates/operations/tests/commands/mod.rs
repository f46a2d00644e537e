//! Commands of other services: whose, which, once.

#![expect(clippy::expect_used, reason = "a test fails by panicking")]

mod consuming;
mod documented;
mod each;
mod kafka;
mod once;
mod refused;
mod schemas;
mod signatures;

use std::time::Duration;

use domain::{RoleName, UserId};
use operations::commands::{
    CommandKind, CommandSettings, Outcome, SIGNATURE, Source, SourceKey, Sources, carry_out,
};
use operations::ports::QueuedMessage;
use serde_json::{Value, json};
use testkit::{App, command_signature};

const DAY: Duration = Duration::from_hours(24);
const KEY: [u8; 32] = [7; 32];

/// May ask for everything, and grant `moderator`.
fn billing() -> Source {
    Source {
        name: "billing".to_owned(),
        commands: CommandKind::ALL.to_vec(),
        roles: vec![RoleName::new(RoleName::MODERATOR)],
        manages_administrators: false,
        keys: vec![SourceKey::new(&KEY).expect("long enough")],
    }
}

fn only(source: Source) -> CommandSettings {
    CommandSettings { sources: Sources::new([source]), max_age: DAY }
}

fn event(app: &App, kind: CommandKind, id: &str, user: UserId, data: &Value) -> Value {
    json!({
        "specversion": "1.0",
        "id": id,
        "source": "billing",
        "type": kind.type_name(),
        "subject": user.to_string(),
        "time": app.now().to_rfc3339(),
        "data": data,
    })
}

fn signed(event: &Value) -> QueuedMessage {
    let value = event.to_string();
    let signature = command_signature(&KEY, &value);
    unsigned(&value, &[(SIGNATURE, &signature)])
}

fn unsigned(value: &str, headers: &[(&str, &str)]) -> QueuedMessage {
    let headers = headers.iter();
    QueuedMessage {
        topic: "commands".to_owned(),
        partition: 0,
        offset: 0,
        key: None,
        value: Some(value.as_bytes().to_vec()),
        headers: headers
            .map(|(name, value)| ((*name).to_owned(), Some(value.as_bytes().to_vec())))
            .collect(),
    }
}

async fn send(app: &App, settings: &CommandSettings, message: &QueuedMessage) -> Outcome {
    carry_out(&app.services, settings, message).await.expect("no fault").outcome
}

/// The code with which it is set aside.
async fn reason(app: &App, settings: &CommandSettings, message: &QueuedMessage) -> String {
    match send(app, settings, message).await {
        Outcome::SetAside(letter) => letter.reason.into_owned(),
        other @ (Outcome::Applied | Outcome::Unchanged | Outcome::Repeated) => {
            panic!("not set aside: {other:?}")
        }
    }
}
