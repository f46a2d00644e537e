//! Carrying the log into a stream, for as long as this instance leads.

use std::convert::Infallible;
use std::time::Duration;

use storage::event_leader::Epoch;
use tokio_util::sync::CancellationToken;

use super::leader::{LeaderSettings, still_leads};
use super::progress::Progress;
use super::replay::replay_some;
use super::sink::Sink;
use super::trouble::{Trouble, stumble};
use crate::services::Services;

const FIRST_PAUSE: Duration = Duration::from_millis(250);

/// Goes on until another instance leads, or it is told to halt; what goes wrong is tried again.
pub(super) async fn relay(
    services: &Services,
    settings: &LeaderSettings,
    epoch: Epoch,
    sink: &Sink,
    halt: &CancellationToken,
) {
    let mut pause = FIRST_PAUSE;
    loop {
        let mut progress = None;
        let carried = carry(services, settings, epoch, sink, &mut progress);
        let carried = halt.run_until_cancelled(Box::pin(carried)).await;
        let mut troubles: Vec<Trouble> = carried.into_iter().map(|Err(trouble)| trouble).collect();
        if let Some(progress) = &mut progress {
            // Whatever went wrong, and also when all is over: what was sent is not sent again.
            troubles.extend(progress.mark(services, epoch, sink).await.err().map(Trouble::from));
            if progress.flows() {
                pause = FIRST_PAUSE;
            }
        }
        for trouble in troubles {
            if stumble(services, epoch, sink, &trouble).await {
                return;
            }
        }
        if halt.run_until_cancelled(tokio::time::sleep(pause)).await.is_none() {
            return;
        }
        pause = (pause * 2).min(sink.longest_pause);
    }
}

/// Never ends well: there is always more to come. How far it came stands in `progress`, also when it is
/// cut off.
async fn carry(
    services: &Services,
    settings: &LeaderSettings,
    epoch: Epoch,
    sink: &Sink,
    progress: &mut Option<Progress>,
) -> Result<Infallible, Trouble> {
    // Before anything can go wrong: there it is noted.
    let progress = progress.insert(Progress::begin(services, epoch, sink).await?);
    // Whoever leads no longer takes nothing from who does.
    if !still_leads(services, settings, epoch).await? {
        return Err(Trouble::Succeeded);
    }
    sink.stream.claim().await?;
    // Somebody else may have claimed it before, and now finds it taken: then we are the one too many.
    if !still_leads(services, settings, epoch).await? {
        return Err(Trouble::Succeeded);
    }
    loop {
        let numbered = services.bell.numbered();
        let is_idle = step(services, epoch, sink, progress).await? == 0;
        if is_idle {
            tokio::select! {
                () = numbered => {}
                () = tokio::time::sleep(settings.poll_interval) => {}
            }
        }
    }
}

/// All that there is, for who does not lead for long; answers how many events there were.
pub(super) async fn carry_all(
    services: &Services,
    epoch: Epoch,
    sink: &Sink,
) -> Result<usize, Trouble> {
    let mut progress = Progress::begin(services, epoch, sink).await?;
    sink.stream.claim().await?;
    let mut all = 0;
    let carried = loop {
        match step(services, epoch, sink, &mut progress).await {
            Ok(0) => break Ok(all),
            Ok(count) => all += count,
            Err(trouble) => break Err(trouble),
        }
    };
    progress.mark(services, epoch, sink).await?;
    carried
}

/// Some of what is new, and some of what is told once more; answers how many events there were.
async fn step(
    services: &Services,
    epoch: Epoch,
    sink: &Sink,
    progress: &mut Progress,
) -> Result<usize, Trouble> {
    let live = progress.carry_some(services, epoch, sink).await?;
    let again = replay_some(services, epoch, sink, progress.refused()).await?;
    if live == 0 || again > 0 {
        progress.recover(services, epoch, sink).await?;
    }
    Ok(live + again)
}
