//! `vestibule role list`

use clap::Args;
use domain::Role;
use operations::{Context, Services, roles};

use super::show::{permissions, value};
use crate::cli::outcome::Outcome;
use crate::cli::output::print;
use crate::cli::table::table;

#[derive(Debug, Args)]
pub(in crate::cli) struct List {
    /// One JSON object a line, for machines
    #[arg(long)]
    json: bool,
}

pub(super) async fn list(services: &Services, ctx: &Context, arguments: &List) -> Outcome {
    let listed = roles::list(services, ctx).await?;
    if arguments.json {
        return print(&listed.iter().map(|one| value(one).to_string() + "\n").collect::<String>());
    }
    print(&for_people(&listed))
}

fn for_people(listed: &[Role]) -> String {
    let rows = listed
        .iter()
        .map(|role| [role.name.to_string(), permissions(role).join(","), role.description.clone()]);
    table(["NAME", "PERMISSIONS", "DESCRIPTION"], rows)
}
