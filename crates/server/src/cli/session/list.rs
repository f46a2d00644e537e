//! `vestibule session list`

use clap::Args;
use domain::{Session, Timestamp};
use operations::sessions::list_of;
use operations::{Context, Services};
use serde_json::json;

use crate::cli::outcome::Outcome;
use crate::cli::output::{print, printable};
use crate::cli::table::table;
use crate::cli::target::{Target, explain, name_of};

#[derive(Debug, Args)]
pub(in crate::cli) struct List {
    #[command(flatten)]
    target: Target,

    /// One JSON object a line, for machines
    #[arg(long)]
    json: bool,
}

pub(super) async fn list(services: &Services, ctx: &Context, arguments: &List) -> Outcome {
    let user = arguments.target.find(services, ctx).await?;
    let sessions = list_of(services, ctx, user.id).await;
    let sessions = sessions.map_err(|error| explain(&user, error))?;
    if arguments.json {
        print(&sessions.iter().map(|session| for_machines(session) + "\n").collect::<String>())
    } else if sessions.is_empty() {
        eprintln!("{} is signed in nowhere", name_of(&user));
        Ok(())
    } else {
        print(&for_people(&sessions))
    }
}

/// The fields of the native API.
fn for_machines(session: &Session) -> String {
    let fields = json!({
        "id": session.id.to_string(),
        "surface": session.surface.as_str(),
        "created_at": session.created_at.to_rfc3339(),
        "last_seen_at": session.last_seen_at.to_rfc3339(),
        "address": session.address,
        "agent": session.agent,
        "expires_at": session.dies_at().to_rfc3339(),
    });
    fields.to_string()
}

fn for_people(sessions: &[Session]) -> String {
    const HEAD: [&str; 7] = ["ID", "SURFACE", "OPENED", "LAST SEEN", "ENDS", "ADDRESS", "AGENT"];
    let time = |value: Timestamp| value.calendar().format("%Y-%m-%d %H:%M").to_string();
    let shown = |value: &Option<String>| value.clone().unwrap_or_else(|| "-".to_owned());
    let rows = sessions.iter().map(|session| {
        [
            session.id.to_string(),
            session.surface.as_str().to_owned(),
            time(session.created_at),
            time(session.last_seen_at),
            time(session.dies_at()),
            shown(&session.address),
            printable(&shown(&session.agent)),
        ]
    });
    table(HEAD, rows)
}
