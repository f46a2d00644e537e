//! `vestibule user export`

use clap::Args;
use domain::{Session, Timestamp};
use operations::accounts::{Export, export, export_events};
use operations::jobs::JobRecord;
use operations::{Context, Services};
use serde_json::{Value, json};

use super::json::json as account;
use crate::cli::audit::entry_json;
use crate::cli::outcome::Outcome;
use crate::cli::output::{print, say};
use crate::cli::target::Target;

#[derive(Debug, Args)]
pub(in crate::cli) struct Exported {
    #[command(flatten)]
    target: Target,
}

/// One JSON object, with the fields of the native API; events are printed as they are read.
pub(super) async fn tell(services: &Services, ctx: &Context, arguments: &Exported) -> Outcome {
    let user = arguments.target.find(services, ctx).await?;
    let export = export(services, ctx, user.id).await?;
    print(&head(&export))?;
    let mut piece = export.events;
    let mut comma = "";
    loop {
        for entry in &piece.entries {
            print(&format!("{comma}\n{}", entry_json(entry)))?;
            comma = ",";
        }
        let Some(next) = piece.next else { break };
        piece = export_events(services, user.id, Some(next)).await?;
    }
    say("]}")
}

/// All but the events, up to where they begin.
fn head(export: &Export) -> String {
    let devices = export.devices.iter().map(|(first, last)| {
        json!({ "first_seen_at": first.to_rfc3339(), "last_seen_at": last.to_rfc3339() })
    });
    let parts = [
        ("exported_at", json!(export.exported_at.to_rfc3339()).to_string()),
        ("account", account(&export.user, None, None)),
        ("sessions", list(export.sessions.iter().map(session))),
        ("devices", list(devices)),
        ("jobs", list(export.jobs.iter().map(job))),
    ];
    let parts: Vec<String> =
        parts.iter().map(|(name, value)| format!("{:?}:{value}", *name)).collect();
    format!("{{{},\"events\":[", parts.join(","))
}

fn list(values: impl Iterator<Item = Value>) -> String {
    Value::Array(values.collect()).to_string()
}

fn session(session: &Session) -> Value {
    json!({
        "id": session.id.to_string(),
        "surface": session.surface.as_str(),
        "created_at": session.created_at.to_rfc3339(),
        "last_seen_at": session.last_seen_at.to_rfc3339(),
        "address": session.address,
        "agent": session.agent,
        "expires_at": session.dies_at().to_rfc3339(),
    })
}

fn job(job: &JobRecord) -> Value {
    json!({
        "id": job.id.to_string(),
        "kind": job.kind,
        "message": job.message,
        "state": job.state.as_str(),
        "attempts": job.attempts,
        "created_at": job.created_at.to_rfc3339(),
        "run_at": job.run_at.to_rfc3339(),
        "finished_at": job.finished_at.map(Timestamp::to_rfc3339),
    })
}
