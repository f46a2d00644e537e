//! Topics that refuse what they are told, one event after the other.

#![expect(clippy::expect_used, reason = "a test fails by panicking")]

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use domain::Refusal;
use operations::events::{Contents, LeaderSettings, Sink, SinkStatus, relay_due, skip, status};
use operations::ports::{EventStream, StreamError, StreamMessage};
use operations::{Error, Services};
use storage::transact;
use testkit::{Database, FixedClock};
use tokio::sync::Notify;

use crate::stand::{MASTER_KEY, TestMailer, parts};
use crate::support::registered;

testkit::on_every_backend!(Database::fresh =>
    r_14_what_was_refused_is_parked_long_before_all_of_it_was,
    r_14_what_was_refused_before_a_stream_broke_is_parked,
    an_event_is_not_skipped_while_brokers_are_away,
    an_event_that_brokers_break_at_is_skipped,
);

const SOME: u8 = 250;
const LEASE: Duration = Duration::from_millis(20);

/// Takes nothing, and does not say which: it is asked for each event alone.
struct Refusing {
    asked: AtomicUsize,
    /// Asked so often, it refuses no more.
    until: AtomicUsize,
    then: Then,
    is_hanging: Notify,
}

/// When it refuses no more.
enum Then {
    Hangs,
    IsAway,
    Breaks,
}

#[async_trait]
impl EventStream for Refusing {
    async fn claim(&self) -> Result<(), StreamError> {
        Ok(())
    }

    async fn publish(&self, messages: &[StreamMessage]) -> Result<(), StreamError> {
        let asked = self.asked.fetch_add(1, Ordering::Relaxed);
        if asked >= self.until.load(Ordering::Relaxed) {
            match self.then {
                Then::Hangs => {
                    self.is_hanging.notify_one();
                    std::future::pending::<()>().await;
                }
                Then::IsAway => return Err(StreamError::Unreachable("away".to_owned())),
                Then::Breaks => return Err(StreamError::Unavailable("broken".to_owned())),
            }
        }
        let reason = "too large".to_owned();
        match messages.len() {
            1 => Err(StreamError::Refused { at: 0, reason }),
            _ => Err(StreamError::RefusedTogether(reason)),
        }
    }
}

impl Refusing {
    fn after(until: usize, then: Then) -> Arc<Self> {
        let (asked, until) = (AtomicUsize::new(0), AtomicUsize::new(until));
        Arc::new(Self { asked, until, then, is_hanging: Notify::new() })
    }
}

/// So many events of one account, and this topic.
async fn services(database: &Database, stream: &Arc<Refusing>) -> Services {
    let (clock, mailer) = (Arc::<FixedClock>::default(), Arc::<TestMailer>::default());
    let mut parts = parts(database, &clock, &mailer, MASTER_KEY).await;
    let stream: Arc<dyn EventStream> = Arc::<Refusing>::clone(stream);
    parts.sinks = vec![Sink::topic("refusing", Contents::BinaryEvents, stream)];
    let services = Services::assemble(parts).await.expect("the services start");
    let ann = registered(&services, "ann").await;
    let store = &database.store;
    let happened: storage::Result<()> = transact!(store, |tx| {
        for number in 1..SOME {
            let event = storage::events::NewEvent {
                id: domain::EventId::new(ann.created_at, [number; 10]),
                user_id: ann.id,
                event: &domain::Event::UserUnblocked,
                actor: domain::Actor::Operator,
                surface: domain::Surface::Operator,
                request_id: None,
                address: None,
                agent: None,
                now: ann.created_at,
            };
            storage::events::push(tx, &event).await?;
        }
    });
    happened.expect("events");
    services
}

async fn told(services: &Services) -> SinkStatus {
    status(services, &services.operator()).await.expect("a status").sinks.remove(0)
}

fn settings() -> LeaderSettings {
    LeaderSettings { lease: LEASE, ..LeaderSettings::default() }
}

/// Whoever is killed meanwhile does not begin anew, and what is parked fits into a transaction.
async fn r_14_what_was_refused_is_parked_long_before_all_of_it_was(database: Database) {
    // Each of the first hundred alone, and what they were halved from.
    let stream = Refusing::after(300, Then::Hangs);
    let services = Box::pin(services(&database, &stream)).await;
    let settings = settings();
    tokio::select! {
        carried = Box::pin(relay_due(&services, &settings)) => panic!("it hangs: {carried:?}"),
        () = stream.is_hanging.notified() => {}
    }
    let parked = told(&services).await;
    assert!(parked.dead_letters >= 100, "{parked:?}");
    assert_eq!(parked.lag + parked.dead_letters, i64::from(SOME));
    stream.until.store(usize::MAX, Ordering::Relaxed);
    tokio::time::sleep(LEASE * 2).await;
    Box::pin(relay_due(&services, &settings)).await.expect("it leads");
    let parked = told(&services).await;
    assert_eq!((parked.lag, parked.dead_letters), (0, i64::from(SOME)));
}

async fn r_14_what_was_refused_before_a_stream_broke_is_parked(database: Database) {
    let stream = Refusing::after(30, Then::IsAway);
    let services = Box::pin(services(&database, &stream)).await;
    let settings = settings();
    Box::pin(relay_due(&services, &settings)).await.expect("it leads");
    let parked = told(&services).await;
    assert!(parked.dead_letters >= 5, "{parked:?}");
    assert_eq!(parked.lag + parked.dead_letters, i64::from(SOME));
    assert!(parked.failing.is_some(), "{parked:?}");
}

/// It is healthy: nobody has refused it, and a topic without it would miss it for nothing.
async fn an_event_is_not_skipped_while_brokers_are_away(database: Database) {
    let stream = Refusing::after(0, Then::IsAway);
    let services = Box::pin(services(&database, &stream)).await;
    Box::pin(relay_due(&services, &settings())).await.expect("it leads");
    assert!(told(&services).await.failing.is_some());
    let skipped = skip(&services, &services.operator(), "refusing").await;
    assert!(matches!(skipped, Err(Error::Refused(Refusal::StreamNotStuck))), "{skipped:?}");
    assert_eq!(told(&services).await.dead_letters, 0);
}

async fn an_event_that_brokers_break_at_is_skipped(database: Database) {
    let stream = Refusing::after(0, Then::Breaks);
    let services = Box::pin(services(&database, &stream)).await;
    Box::pin(relay_due(&services, &settings())).await.expect("it leads");
    let letter = skip(&services, &services.operator(), "refusing").await.expect("skipped");
    assert_eq!(letter.position, 1);
}
