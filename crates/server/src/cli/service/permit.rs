//! `vestibule service permit` and `vestibule service forbid`

use clap::Args;
use domain::ServiceAccount;
use operations::{Context, Services, service_accounts};

use super::target::Target;
use crate::cli::outcome::Outcome;
use crate::cli::output::say;

#[derive(Debug, Args)]
pub(in crate::cli) struct Permissions {
    #[command(flatten)]
    target: Target,

    /// What it is about
    #[arg(value_name = "PERMISSION", required = true)]
    permissions: Vec<String>,
}

pub(super) async fn permit(services: &Services, ctx: &Context, asked: &Permissions) -> Outcome {
    let service = asked.target.find(services, ctx).await?;
    tell(&service_accounts::permit(services, ctx, service.id, &asked.permissions).await?)
}

pub(super) async fn forbid(services: &Services, ctx: &Context, asked: &Permissions) -> Outcome {
    let service = asked.target.find(services, ctx).await?;
    tell(&service_accounts::forbid(services, ctx, service.id, &asked.permissions).await?)
}

fn tell(service: &ServiceAccount) -> Outcome {
    let permissions: Vec<&str> = service.permissions.iter().map(|may| may.as_str()).collect();
    if permissions.is_empty() {
        say(format!("{} may do nothing now", service.name))
    } else {
        say(format!("{} has now: {}", service.name, permissions.join(", ")))
    }
}
