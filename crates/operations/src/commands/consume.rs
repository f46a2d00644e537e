//! Taking commands from their queue, each after the one before, until asked to stop.

use std::time::Duration;

use futures_util::FutureExt;
use storage::command_queue;
use tokio::time::Instant;

use super::CommandSettings;
use super::carry_out::{Dealt, Outcome, carry_out};
use super::dead_letter::Defect;
use crate::error::{Error, Result};
use crate::measures;
use crate::ports::{CommandQueue, CommandQueues, QueueError, QueuedMessage};
use crate::services::Services;

const FIRST_PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(15);
/// Whoever is asked to stop waits no longer for a queue that does not answer.
const LAST_WORDS: Duration = Duration::from_secs(2);
/// Queues take who is silent for longer, some minutes, for gone. Then the queue is opened anew, and
/// begins with the same message.
const PATIENCE: Duration = Duration::from_mins(1);
/// Who was told nothing wrong for so long waits for commands, and there are none.
const QUIET: Duration = Duration::from_secs(30);
/// What fails so often, and not because something is away, is set aside: it would fail for ever.
const ATTEMPTS: u32 = 6;

/// Why the queue has to be opened anew.
enum Interrupted {
    Queue(QueueError),
    Fault(Error),
    Stopped,
}

/// Deals with what comes until `stop` resolves; what is under way is finished. A message is done when
/// its transaction is committed, or it is known to be set aside. What may pass is waited for: nothing
/// overtakes.
pub async fn consume(
    services: &Services,
    settings: &CommandSettings,
    queues: &dyn CommandQueues,
    stop: impl Future<Output = ()>,
) {
    let stop = stop.shared();
    let mut pause = FIRST_PAUSE;
    // Whoever worked before may have left word that they do not come.
    let mut is_known_well = false;
    loop {
        let opened_at = Instant::now();
        let interrupted = tokio::select! {
            () = stop.clone() => return,
            opened = queues.open() => match opened {
                Ok(mut queue) => {
                    let drained = drain(services, settings, &mut *queue, &mut is_known_well, stop.clone());
                    let why = Box::pin(drained).await;
                    queue.close().await;
                    why
                }
                Err(error) => Interrupted::Queue(error),
            },
        };
        match interrupted {
            Interrupted::Stopped => return,
            Interrupted::Queue(error) => {
                tracing::warn!(%error, "commands do not come");
                Box::pin(note(services, Some(&error))).await;
                is_known_well = false;
            }
            Interrupted::Fault(error) => {
                tracing::warn!(reason = error.chain(), "commands wait until this passes");
            }
        }
        if opened_at.elapsed() > LONGEST_PAUSE {
            pause = FIRST_PAUSE;
        }
        tokio::select! {
            () = stop.clone() => return,
            () = tokio::time::sleep(pause) => {}
        }
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}

async fn drain(
    services: &Services,
    settings: &CommandSettings,
    queue: &mut dyn CommandQueue,
    is_known_well: &mut bool,
    stop: impl Future<Output = ()> + Clone,
) -> Interrupted {
    loop {
        let message = tokio::select! {
            biased;
            () = stop.clone() => return Interrupted::Stopped,
            message = queue.next() => Some(message),
            () = tokio::time::sleep(QUIET), if !*is_known_well => None,
        };
        if !*is_known_well && !matches!(message, Some(Err(_))) {
            Box::pin(note(services, None)).await;
            *is_known_well = true;
        }
        let Some(message) = message else { continue };
        let dealt = match message {
            Ok(message) => deal_with(services, settings, queue, &message, stop.clone()).await,
            Err(error) => Err(Interrupted::Queue(error)),
        };
        if let Err(interrupted) = dealt {
            return interrupted;
        }
    }
}

/// Where somebody looks; why they do not come, or that they do.
async fn note(services: &Services, error: Option<&QueueError>) {
    let now = services.clock.now();
    let noted: Result<()> = transact!(services, |tx| {
        match error {
            Some(error) => command_queue::fail(tx, &error.0, now).await?,
            None => command_queue::recover(tx).await?,
        }
    });
    if let Err(error) = noted {
        tracing::debug!(reason = error.chain(), "it was not noted whether commands come");
    }
}

async fn deal_with(
    services: &Services,
    settings: &CommandSettings,
    queue: &mut dyn CommandQueue,
    message: &QueuedMessage,
    stop: impl Future<Output = ()> + Clone,
) -> std::result::Result<(), Interrupted> {
    let dealt = insist(services, settings, message, stop.clone()).await?;
    if let Outcome::SetAside(letter) = &dealt.outcome {
        let late = async {
            stop.await;
            tokio::time::sleep(LAST_WORDS).await;
        };
        tokio::select! {
            set_aside = queue.set_aside(message, letter) => {
                set_aside.map_err(Interrupted::Queue)?;
            }
            // It comes again.
            () = late => return Err(Interrupted::Stopped),
        }
    }
    tell(&dealt);
    queue.done(message).await.map_err(Interrupted::Queue)
}

/// Tries until it is known what came of it.
async fn insist(
    services: &Services,
    settings: &CommandSettings,
    message: &QueuedMessage,
    stop: impl Future<Output = ()>,
) -> std::result::Result<Dealt, Interrupted> {
    tokio::pin!(stop);
    let began_at = Instant::now();
    let (mut pause, mut attempts) = (FIRST_PAUSE, 0);
    loop {
        let error = match Box::pin(carry_out(services, settings, message)).await {
            Ok(dealt) => return Ok(dealt),
            Err(error) => error,
        };
        metrics::counter!(measures::COMMANDS_RETRIED).increment(1);
        attempts += u32::from(!error.is_unavailable());
        if attempts >= ATTEMPTS {
            tracing::error!(fault = error.chain(), "a command fails again and again");
            let letter = Defect::Fault.because("see the log of the service");
            let outcome = Outcome::SetAside(letter);
            return Ok(Dealt { source: None, command: None, outcome });
        }
        if began_at.elapsed() > PATIENCE {
            return Err(Interrupted::Fault(error));
        }
        tokio::select! {
            () = &mut stop => return Err(Interrupted::Stopped),
            () = tokio::time::sleep(pause) => {}
        }
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}

fn tell(dealt: &Dealt) {
    const UNKNOWN: &str = "unknown";
    let source = dealt.source.clone().unwrap_or_else(|| UNKNOWN.to_owned());
    let command = dealt.command.map_or(UNKNOWN, super::CommandKind::as_str);
    let outcome = match &dealt.outcome {
        Outcome::Applied => "applied".to_owned(),
        Outcome::Unchanged => "unchanged".to_owned(),
        Outcome::Repeated => "repeated".to_owned(),
        Outcome::SetAside(letter) => {
            let reason = letter.reason.as_ref();
            tracing::warn!(source, command, reason, "a command was set aside");
            reason.to_owned()
        }
    };
    metrics::counter!(
        measures::COMMANDS, "source" => source, "command" => command, "outcome" => outcome
    )
    .increment(1);
}
