//! `vestibule user show`

use clap::Args;
use domain::{RoleName, Status, Timestamp, User};
use operations::accounts::{PurgeReceipt, find_block, purge_receipt};
use operations::{Context, Services};

use super::json::json;
use crate::cli::outcome::Outcome;
use crate::cli::output::{print, say};
use crate::cli::target::Target;

#[derive(Debug, Args)]
pub(in crate::cli) struct Show {
    #[command(flatten)]
    target: Target,

    /// One JSON object, for machines
    #[arg(long)]
    json: bool,
}

pub(super) async fn show(services: &Services, ctx: &Context, arguments: &Show) -> Outcome {
    let user = arguments.target.find(services, ctx).await?;
    let block = find_block(services, ctx, user.id).await?.unwrap_or_default();
    // Of an erased account there is nothing but this.
    let receipt = purge_receipt(services, user.id).await?;
    if arguments.json {
        return say(json(&user, block.reason.as_deref(), receipt.as_ref()));
    }
    print(&for_people(&user))?;
    if let Some(reason) = block.reason {
        say(format!("{:<10} {reason}", "why"))?;
    }
    receipt.map_or(Ok(()), |receipt| print(&say_receipt(&receipt)))
}

fn say_receipt(receipt: &PurgeReceipt) -> String {
    let time = |value: Timestamp| value.calendar().format("%Y-%m-%d %H:%M:%S UTC").to_string();
    let PurgeReceipt { deleted_at, deleted_by, purged_at, .. } = receipt;
    format!("deleted    {} by {deleted_by}\nerased     {}\n", time(*deleted_at), time(*purged_at))
}

fn for_people(user: &User) -> String {
    let text = |value: &Option<String>| value.clone().unwrap_or_else(|| "-".to_owned());
    let checked = |value: &Option<String>, is_verified: bool| match value {
        Some(value) if is_verified => format!("{value} (verified)"),
        Some(value) => format!("{value} (not verified)"),
        None => "-".to_owned(),
    };
    let time = |value: Timestamp| value.calendar().format("%Y-%m-%d %H:%M:%S UTC").to_string();
    let status = match user.status {
        Status::Deleted { purge_at } => format!("deleted, erased after {}", time(purge_at)),
        Status::Blocked { until: Some(until) } => format!("blocked until {}", time(until)),
        Status::Active | Status::Blocked { until: None } | Status::Purged => {
            user.status.as_str().to_owned()
        }
    };
    let roles: Vec<&str> = user.roles.iter().map(RoleName::as_str).collect();
    let name = format!("{} {}", user.profile.first_name, user.profile.last_name);
    let rows = [
        ("id", user.id.to_string()),
        ("number", user.number.to_string()),
        ("username", text(&user.username)),
        ("e-mail", checked(&user.email, user.email_verified)),
        ("phone", checked(&user.phone, user.phone_verified)),
        ("name", name.trim().to_owned()),
        ("language", text(&user.profile.locale)),
        ("status", status),
        ("roles", roles.join(", ")),
        ("made", time(user.created_at)),
        ("changed", time(user.updated_at)),
        ("signed in", user.last_login_at.map_or_else(|| "never".to_owned(), time)),
    ];
    rows.iter()
        .map(|(label, value)| format!("{label:<10} {value}").trim_end().to_owned() + "\n")
        .collect()
}
