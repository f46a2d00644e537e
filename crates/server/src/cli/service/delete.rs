//! `vestibule service delete`

use operations::{Context, Services, service_accounts};

use super::target::Target;
use crate::cli::outcome::Outcome;
use crate::cli::output::say;

pub(super) async fn delete(services: &Services, ctx: &Context, target: &Target) -> Outcome {
    let service = target.find(services, ctx).await?;
    service_accounts::delete(services, ctx, service.id).await?;
    say(format!("deleted {} ({})", service.name, service.id))
}
