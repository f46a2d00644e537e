//! `vestibule webhook pause` and `resume`

use operations::{Context, Services, webhooks};

use super::Target;
use crate::cli::outcome::Outcome;
use crate::cli::output::say;

pub(super) async fn pause(services: &Services, ctx: &Context, target: &Target) -> Outcome {
    let webhook = webhooks::pause(services, ctx, target.id()?).await?;
    say(format!("{} is sent nothing until it is resumed", webhook.id))
}

pub(super) async fn resume(services: &Services, ctx: &Context, target: &Target) -> Outcome {
    let webhook = webhooks::resume(services, ctx, target.id()?).await?;
    say(format!("{} is sent events again", webhook.id))
}
