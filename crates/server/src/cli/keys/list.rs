//! `vestibule keys list`

use clap::Args;
use operations::Services;
use operations::tokens::{KeyInfo, KeyState, list_keys};
use serde_json::json;

use super::say_time;
use crate::cli::outcome::Outcome;
use crate::cli::output::print;
use crate::cli::table::table;

#[derive(Debug, Args)]
pub(in crate::cli) struct List {
    /// One JSON object a line, for machines
    #[arg(long)]
    json: bool,
}

pub(super) async fn list(services: &Services, arguments: &List) -> Outcome {
    let keys = list_keys(services).await?;
    if arguments.json {
        print(&keys.iter().map(|key| for_machines(key) + "\n").collect::<String>())
    } else {
        print(&for_people(&keys))
    }
}

fn for_people(keys: &[KeyInfo]) -> String {
    const HEAD: [&str; 6] = ["KID", "MAKES", "ALGORITHM", "STATE", "SIGNS FROM", "ACCEPTED UNTIL"];
    let rows = keys.iter().map(|key| {
        let until = match key.state {
            KeyState::Accepted { until } => say_time(until),
            KeyState::Retired { at } => format!("retired {}", say_time(at)),
            KeyState::Next | KeyState::Signing | KeyState::Over => "-".to_owned(),
        };
        [
            key.id.to_string(),
            key.purpose.clone(),
            key.algorithm.clone(),
            key.state.as_str().to_owned(),
            say_time(key.active_from),
            until,
        ]
    });
    table(HEAD, rows)
}

fn for_machines(key: &KeyInfo) -> String {
    let (until, retired) = match key.state {
        KeyState::Accepted { until } => (Some(until.to_rfc3339()), None),
        KeyState::Retired { at } => (None, Some(at.to_rfc3339())),
        KeyState::Next | KeyState::Signing | KeyState::Over => (None, None),
    };
    let key = json!({
        "kid": key.id.to_string(),
        "purpose": key.purpose,
        "algorithm": key.algorithm,
        "state": key.state.as_str(),
        "created_at": key.created_at.to_rfc3339(),
        "active_from": key.active_from.to_rfc3339(),
        "accepted_until": until,
        "retired_at": retired,
    });
    key.to_string()
}
