//! `vestibule mail list`

use clap::Args;
use operations::mail::KINDS;
use serde_json::json;

use crate::cli::outcome::Outcome;
use crate::cli::output::print;
use crate::cli::table::table;

#[derive(Debug, Args)]
pub(in crate::cli) struct List {
    /// One JSON object a line, for machines
    #[arg(long)]
    json: bool,
}

pub(super) fn list(arguments: &List) -> Outcome {
    if arguments.json {
        let lines = KINDS.iter().map(|kind| {
            let object =
                json!({ "message": kind.name, "sms": kind.is_text, "purpose": kind.purpose });
            format!("{object}\n")
        });
        return print(&lines.collect::<String>());
    }
    let rows = KINDS.iter().map(|kind| {
        let form = if kind.is_text { "mail, SMS" } else { "mail" };
        [kind.name.to_owned(), form.to_owned(), kind.purpose.to_owned()]
    });
    print(&table(["MESSAGE", "AS", "WHAT FOR"], rows))
}
