//! `vestibule webhook create`

use clap::Args;
use operations::webhooks::{self, NewWebhook};
use operations::{Context, Services};

use super::shown;
use crate::cli::outcome::Outcome;

#[derive(Debug, Args)]
pub(in crate::cli) struct Create {
    /// `https://…`; the address must be public, or within `webhooks.allowed_networks`
    #[arg(value_name = "URL")]
    url: String,

    /// Only events of this type; may be given more than once
    #[arg(long = "type", value_name = "TYPE")]
    types: Vec<String>,

    /// One JSON object, for machines
    #[arg(long)]
    json: bool,
}

pub(super) async fn create(services: &Services, ctx: &Context, arguments: Create) -> Outcome {
    let Create { url, types, json } = arguments;
    let (webhook, secret) = webhooks::create(services, ctx, &NewWebhook { url, types }).await?;
    shown::with_secret(&webhook, &secret, json)
}
