//! `vestibule webhook change`

use clap::Args;
use operations::webhooks::{self, ChangeWebhook};
use operations::{Context, Services};

use super::Target;
use crate::cli::outcome::Outcome;
use crate::cli::output::say;

#[derive(Debug, Args)]
pub(in crate::cli) struct Change {
    #[command(flatten)]
    target: Target,

    /// Where events are sent from now on
    #[arg(long, value_name = "URL", required_unless_present_any = ["types", "all_types"])]
    url: Option<String>,

    /// Which events are sent from now on; may be given more than once
    #[arg(long = "type", value_name = "TYPE")]
    types: Vec<String>,

    /// Every event is sent from now on
    #[arg(long, conflicts_with = "types")]
    all_types: bool,
}

pub(super) async fn change(services: &Services, ctx: &Context, arguments: Change) -> Outcome {
    let id = arguments.target.id()?;
    let types = (arguments.all_types || !arguments.types.is_empty()).then_some(arguments.types);
    let request = ChangeWebhook { url: arguments.url, types };
    let webhook = webhooks::change(services, ctx, id, &request).await?;
    say(format!("{} is sent events at {} from now on", webhook.id, webhook.url))
}
