//! `vestibule fsck`: the invariants of docs/REQUIREMENTS.md that a state can break.

use clap::Args;
use operations::diagnosis;
use serde_json::json;
use storage::consistency::Findings;

use super::block_on;
use super::operator::ready_store;
use super::outcome::{Failure, Outcome};
use super::output::print;
use crate::config::Settings;
use crate::telemetry;

#[derive(Debug, Args)]
pub(super) struct Fsck {
    /// One JSON object a line, for machines
    #[arg(long)]
    json: bool,
}

struct Line {
    invariant: &'static str,
    /// How many rows break it.
    rows: i64,
    says: String,
    /// Nobody is harmed, but somebody should act.
    is_warning: bool,
}

pub(super) fn fsck(settings: &Settings, arguments: &Fsck) -> Outcome {
    telemetry::log_warnings()?;
    block_on(async {
        let store = ready_store(&settings.database).await?;
        let findings = diagnosis::findings(&store).await;
        store.close().await;
        let lines = lines(findings?);
        let show = if arguments.json { as_json } else { as_text };
        print(&lines.iter().map(show).collect::<String>())?;
        let broken = lines.iter().filter(|line| line.verdict() == "broken").count();
        if broken == 0 {
            return Ok(());
        }
        Err(Failure::Found(format!("{broken} of {} invariants are broken", lines.len())))
    })
}

/// Taken apart in full, so that no new finding is forgotten.
fn lines(findings: Findings) -> Vec<Line> {
    let Findings {
        doubled_identifiers,
        changes_without_event,
        events_without_account,
        gaps_in_events,
        sessions_amiss,
        sessions_of_inactive,
        active_admins,
        orphans,
        nameless_accounts,
        purged_with_data,
    } = findings;
    let administrators = if active_admins == 0 {
        Line {
            invariant: "I7",
            rows: 0,
            says: "nobody can administrate: vestibule admin init".to_owned(),
            is_warning: true,
        }
    } else {
        line("I7", "there is an active administrator", &[])
    };
    vec![
        line(
            "I2",
            "every identifier belongs to one account",
            &[(doubled_identifiers, "identifiers held by more than one account")],
        ),
        line(
            "I3",
            "accounts and their events agree",
            &[
                (changes_without_event, "accounts whose last change has no event"),
                (events_without_account, "events of accounts that do not exist"),
            ],
        ),
        line(
            "I4",
            "every session is sound and belongs to an active account",
            &[
                (sessions_amiss, "sessions that contradict themselves"),
                (sessions_of_inactive, "live sessions of accounts that are not active"),
            ],
        ),
        administrators,
        line(
            "I9",
            "events have no gaps",
            &[(gaps_in_events, "accounts with gaps between their events")],
        ),
        line(
            "I10",
            "nothing is left without an owner",
            &[
                (orphans, "rows that belong to no account"),
                (nameless_accounts, "accounts that nobody can name"),
            ],
        ),
        line(
            "LIF-06",
            "nothing personal outlives its account",
            &[(purged_with_data, "erased accounts that still hold personal data")],
        ),
    ]
}

fn line(invariant: &'static str, sound: &str, counts: &[(i64, &str)]) -> Line {
    let broken: Vec<String> = counts
        .iter()
        .filter(|(rows, _)| *rows != 0)
        .map(|(rows, what)| format!("{rows} {what}"))
        .collect();
    Line {
        invariant,
        rows: counts.iter().map(|(rows, _)| rows).sum(),
        says: if broken.is_empty() { sound.to_owned() } else { broken.join(", ") },
        is_warning: false,
    }
}

impl Line {
    const fn verdict(&self) -> &'static str {
        match (self.is_warning, self.rows) {
            (true, _) => "warning",
            (false, 0) => "ok",
            (false, _) => "broken",
        }
    }
}

fn as_text(line: &Line) -> String {
    format!("{:<8} {:<7} {}\n", line.verdict(), line.invariant, line.says)
}

fn as_json(line: &Line) -> String {
    let object = json!({
        "invariant": line.invariant,
        "verdict": line.verdict(),
        "rows": line.rows,
        "says": line.says,
    });
    format!("{object}\n")
}
