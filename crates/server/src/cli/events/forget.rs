//! `vestibule events forget`

use operations::{Context, Services, events};

use super::Stream;
use crate::cli::outcome::Outcome;
use crate::cli::output::say;

pub(super) async fn forget(services: &Services, ctx: &Context, stream: &Stream) -> Outcome {
    events::forget_stream(services, ctx, &stream.name).await?;
    say(format!("{} is forgotten", stream.name))
}
