//! The consumer, on a queue in memory that does what it is told.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use operations::commands::{CommandKind, CommandSettings, DeadLetter, consume};
use operations::events::status;
use operations::ports::{CommandQueue, CommandQueues, QueueError, QueuedMessage};
use serde_json::json;
use testkit::App;
use tokio::sync::Notify;

use super::{billing, event, only, signed};
use crate::support::{events_of, registered};

/// What came of the messages.
#[derive(Default)]
struct Seen {
    done: Vec<i64>,
    set_aside: Vec<(i64, String)>,
    opened: u32,
    closed: u32,
    /// How often setting aside fails from now on.
    fails: u32,
    /// Why none comes at all.
    missing: Option<String>,
}

#[derive(Clone, Default)]
struct Memory {
    messages: Vec<QueuedMessage>,
    seen: Arc<Mutex<Seen>>,
    is_empty: Arc<Notify>,
}

impl Memory {
    fn of(messages: Vec<QueuedMessage>) -> Self {
        let numbered = messages.into_iter().zip(0..);
        let messages = numbered.map(|(message, offset)| QueuedMessage { offset, ..message });
        Self { messages: messages.collect(), ..Self::default() }
    }

    fn seen<T>(&self, read: impl FnOnce(&mut Seen) -> T) -> T {
        read(&mut self.seen.lock().expect("nobody panics"))
    }

    async fn consumed(&self, app: &App, settings: &CommandSettings) {
        let work = consume(&app.services, settings, self, self.is_empty.notified());
        tokio::time::timeout(Duration::from_mins(1), work).await.expect("it ends");
    }
}

#[async_trait]
impl CommandQueues for Memory {
    async fn open(&self) -> Result<Box<dyn CommandQueue>, QueueError> {
        let next = self.seen(|seen| {
            seen.opened += 1;
            seen.done.last().map_or(0, |last| last + 1)
        });
        let next = usize::try_from(next).expect("an offset");
        Ok(Box::new(Open { memory: self.clone(), next }))
    }
}

struct Open {
    memory: Memory,
    next: usize,
}

#[async_trait]
impl CommandQueue for Open {
    async fn next(&mut self) -> Result<QueuedMessage, QueueError> {
        if let Some(reason) = self.memory.seen(|seen| seen.missing.clone()) {
            self.memory.is_empty.notify_one();
            return Err(QueueError(reason));
        }
        let Some(message) = self.memory.messages.get(self.next) else {
            self.memory.is_empty.notify_one();
            return std::future::pending().await;
        };
        self.next += 1;
        Ok(message.clone())
    }

    async fn set_aside(
        &mut self,
        message: &QueuedMessage,
        why: &DeadLetter,
    ) -> Result<(), QueueError> {
        self.memory.seen(|seen| {
            if seen.fails > 0 {
                seen.fails -= 1;
                return Err(QueueError("away".to_owned()));
            }
            seen.set_aside.push((message.offset, why.reason.to_string()));
            Ok(())
        })
    }

    async fn done(&mut self, message: &QueuedMessage) -> Result<(), QueueError> {
        self.memory.seen(|seen| seen.done.push(message.offset));
        Ok(())
    }

    async fn close(self: Box<Self>) {
        self.memory.seen(|seen| seen.closed += 1);
    }
}

testkit::on_every_backend!(App::on => why_commands_do_not_come_is_said_until_they_do);

#[tokio::test]
async fn what_cannot_be_set_aside_now_is_not_passed_over() {
    let app = App::on(storage::Backend::Sqlite).await;
    let ann = registered(&app.services, "ann").await.id;
    let message = |kind, id| signed(&event(&app, kind, id, ann, &json!({})));
    let mut forged = message(CommandKind::Delete, "2");
    forged.headers.clear();
    let memory = Memory::of(vec![
        message(CommandKind::Block, "1"),
        forged,
        message(CommandKind::Unblock, "3"),
    ]);
    memory.seen(|seen| seen.fails = 2);
    memory.consumed(&app, &only(billing())).await;
    memory.seen(|seen| {
        assert_eq!(seen.done, [0, 1, 2], "in order, each once");
        assert_eq!(seen.set_aside, [(1, "signature_missing".to_owned())]);
        assert_eq!((seen.opened, seen.closed), (3, 3), "it begins with what was not done");
    });
    let told = events_of(&app, ann).await;
    assert_eq!(told, ["user.registered", "user.blocked", "user.unblocked"]);
}

#[tokio::test]
async fn while_the_database_is_away_nothing_is_done_and_nothing_set_aside() {
    let app = App::on(storage::Backend::Sqlite).await;
    let ann = registered(&app.services, "ann").await.id;
    let memory = Memory::of(vec![signed(&event(&app, CommandKind::Block, "1", ann, &json!({})))]);
    let away = app.beside().await;
    away.services.stop().await;
    let settings = only(billing());
    let stop = tokio::time::sleep(Duration::from_secs(2));
    consume(&away.services, &settings, &memory, stop).await;
    memory.seen(|seen| {
        assert_eq!((seen.done.len(), seen.set_aside.len()), (0, 0));
        assert_eq!((seen.opened, seen.closed), (1, 1), "it waited with the message at hand");
    });
    assert_eq!(events_of(&app, ann).await, ["user.registered"]);
    memory.consumed(&app, &settings).await;
    memory.seen(|seen| assert_eq!(seen.done, [0]));
    assert_eq!(events_of(&app, ann).await, ["user.registered", "user.blocked"]);
}

/// Where somebody looks: a log is read by nobody who misses a command.
async fn why_commands_do_not_come_is_said_until_they_do(app: App) {
    let ann = registered(&app.services, "ann").await.id;
    let memory = Memory::of(vec![signed(&event(&app, CommandKind::Block, "1", ann, &json!({})))]);
    let failing = async || {
        let told = status(&app.services, &app.services.operator()).await;
        told.expect("a status").commands_failing
    };
    let (settings, since) = (only(billing()), app.now());
    assert_eq!(failing().await, None);
    for reason in ["the topic is missing", "the topic may not be read"] {
        memory.seen(|seen| seen.missing = Some(reason.to_owned()));
        memory.consumed(&app, &settings).await;
        assert_eq!(failing().await, Some((since, reason.to_owned())), "since the first time");
        app.advance(Duration::from_mins(1));
    }
    memory.seen(|seen| seen.missing = None);
    memory.consumed(&app, &settings).await;
    memory.seen(|seen| assert_eq!(seen.done, [0]));
    assert_eq!(failing().await, None, "another instance told of it, and it is over");
}
