//! `vestibule events skip`

use operations::{Context, Services, events};

use super::Stream;
use crate::cli::outcome::Outcome;
use crate::cli::output::say;

pub(super) async fn skip(services: &Services, ctx: &Context, stream: &Stream) -> Outcome {
    let parked = events::skip(services, ctx, &stream.name).await?;
    say(format!("event {} is parked, and {} goes on behind it", parked.position, parked.sink))
}
