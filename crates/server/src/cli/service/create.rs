//! `vestibule service create`

use clap::Args;
use operations::service_accounts::{self, NewServiceAccount};
use operations::{Context, Services};

use super::secret;
use crate::cli::outcome::Outcome;

#[derive(Debug, Args)]
pub(in crate::cli) struct Create {
    /// Small letters, digits, `.`, `_` and `-`
    #[arg(value_name = "NAME")]
    name: String,

    /// What it may do; may be given more than once
    #[arg(long = "permission", value_name = "PERMISSION")]
    permissions: Vec<String>,

    /// One JSON object, for machines
    #[arg(long)]
    json: bool,
}

pub(super) async fn create(services: &Services, ctx: &Context, arguments: Create) -> Outcome {
    let Create { name, permissions, json } = arguments;
    let request = NewServiceAccount { name, permissions };
    let (service, secret) = service_accounts::create(services, ctx, &request).await?;
    secret::show(&service, &secret, json)
}
