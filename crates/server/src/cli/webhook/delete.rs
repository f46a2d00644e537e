//! `vestibule webhook delete`

use operations::{Context, Services, webhooks};

use super::Target;
use crate::cli::outcome::Outcome;
use crate::cli::output::say;

pub(super) async fn delete(services: &Services, ctx: &Context, target: &Target) -> Outcome {
    let id = target.id()?;
    webhooks::delete(services, ctx, id).await?;
    say(format!("{id} is sent no more events"))
}
