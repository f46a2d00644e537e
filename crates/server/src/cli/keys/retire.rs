//! `vestibule keys retire`

use clap::Args;
use domain::{KeyId, Refusal};
use operations::tokens::retire_key;
use operations::{Context, Services};
use uuid::Uuid;

use crate::cli::outcome::Outcome;
use crate::cli::output::say;

#[derive(Debug, Args)]
pub(in crate::cli) struct Retire {
    /// The id of the key, as `keys list` and the tokens say it
    #[arg(value_name = "KID")]
    kid: String,
}

pub(super) async fn retire(services: &Services, ctx: &Context, arguments: &Retire) -> Outcome {
    let id = Uuid::parse_str(&arguments.kid)
        .map_err(|_| operations::Error::from(Refusal::KeyNotFound))?;
    let key = retire_key(services, ctx, KeyId(id)).await?;
    say(format!("{} is retired: refused on every instance within a minute", key.id))
}
