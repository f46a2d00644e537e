//! `vestibule role show`, and a role for machines: the fields of the native API.

use clap::Args;
use domain::{Role, RoleName};
use operations::{Context, Services, roles};
use serde_json::{Value, json};

use crate::cli::outcome::Outcome;
use crate::cli::output::{print, say};

#[derive(Debug, Args)]
pub(in crate::cli) struct Show {
    #[arg(value_name = "ROLE")]
    role: String,

    /// One JSON object, for machines
    #[arg(long)]
    json: bool,
}

pub(super) async fn show(services: &Services, ctx: &Context, arguments: &Show) -> Outcome {
    let role = roles::find(services, ctx, &RoleName::new(&arguments.role)).await?;
    if arguments.json {
        return say(value(&role).to_string());
    }
    let built_in = if role.is_built_in { "yes" } else { "no" };
    let rows = [
        ("name", role.name.to_string()),
        ("permits", permissions(&role).join(", ")),
        ("for", role.description),
        ("built in", built_in.to_owned()),
    ];
    let lines = rows.iter().map(|(label, value)| format!("{label:<10} {value}"));
    print(&lines.map(|line| line.trim_end().to_owned() + "\n").collect::<String>())
}

pub(super) fn value(role: &Role) -> Value {
    json!({
        "name": role.name.as_str(),
        "description": role.description,
        "permissions": permissions(role),
        "built_in": role.is_built_in,
    })
}

pub(super) fn permissions(role: &Role) -> Vec<&'static str> {
    role.permissions.iter().map(|permission| permission.as_str()).collect()
}
