//! Workers that are killed between sending events and marking them as sent.

use std::collections::HashMap;
use std::thread;
use std::time::Duration;

use operations::events::Sink;
use storage::event_log::{self, Logged};
use storage::{event_cursors, event_leader};
use testkit::{Database, KafkaMessage, kafka_brokers, kafka_messages, kafka_topic};

use super::{PATIENCE, Program, Running, eventually};

testkit::on_every_backend!(Database::fresh =>
    r_05_who_is_killed_between_sending_and_marking_loses_nothing_and_repeats_under_the_same_ids,
);

/// So many, unless the environment says how many.
const KILLS: usize = 10;
const KILLS_VARIABLE: &str = "VESTIBULE_TEST_KILLS";
const PEOPLE: [&str; 4] = ["ann", "bob", "cat", "dan"];
/// Things that each of them does between two kills.
const DEEDS: usize = 3;

fn kills() -> usize {
    let told = std::env::var_os(KILLS_VARIABLE);
    told.map_or(KILLS, |told| told.to_str().and_then(|told| told.parse().ok()).expect("a number"))
}

/// Everybody at once, each one thing after the other.
fn act(serving: &Running) {
    thread::scope(|scope| {
        for name in PEOPLE {
            scope.spawn(move || (0..DEEDS).for_each(|_| drop(serving.sign_in(name))));
        }
    });
}

/// How far the topic is marked to be, none when nobody began, and what has a number.
async fn position(database: &Database) -> (Option<i64>, i64) {
    let mut read = database.store.read().await.expect("a connection");
    let cursor = event_cursors::find(&mut read, Sink::EVENTS).await.expect("a cursor");
    let head = event_leader::head(&mut read).await.expect("a number");
    (cursor.map(|cursor| cursor.position), head)
}

/// Waits until all that happened is marked as sent; answers how many events that are.
async fn marked(database: &Database) -> i64 {
    let all_marked = async {
        loop {
            let mut read = database.store.read().await.expect("a connection");
            let waiting = event_log::count_unnumbered(&mut read).await.expect("a number");
            drop(read);
            let (cursor, head) = position(database).await;
            if waiting == 0 && cursor == Some(head) {
                return head;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(PATIENCE, all_marked).await.expect("everything is marked")
}

fn sequence(message: &KafkaMessage) -> i64 {
    message.header("ce_sequence").expect("a sequence").parse().expect("a number")
}

async fn r_05_who_is_killed_between_sending_and_marking_loses_nothing_and_repeats_under_the_same_ids(
    database: Database,
) {
    let (brokers, topic) = (kafka_brokers(), kafka_topic("killed"));
    let program = Program::new()
        .with("VESTIBULE_DATABASE__URL", &database.url)
        .with("VESTIBULE_KAFKA__BROKERS", &brokers)
        .with("VESTIBULE_KAFKA__EVENTS_TOPIC", &topic);
    let serving = program.clone().argument("serve").argument("--no-worker").start();
    let worker = program.beside().argument("worker").with("VESTIBULE_EVENTS__LEASE", "1s");
    for name in PEOPLE {
        serving.register(name).expect(201);
    }
    let first = worker.launch();
    marked(&database).await;
    first.stop();

    let kills = kills();
    let mut sent = 0;
    for kill in 0..kills {
        // Every fourth is killed while it repeats what the one before had sent and not marked.
        let (mut victim, held) = if kill % 4 == 3 {
            let held = database.hold_marks().await;
            (None, held)
        } else {
            let victim = worker.launch();
            marked(&database).await;
            (Some(victim), database.hold_marks().await)
        };
        let marked_at = position(&database).await.0.expect("a cursor");
        let unmarked = || {
            let sent = kafka_messages(&brokers, &topic);
            sent.iter().filter(|message| sequence(message) > marked_at).count()
        };
        let before = unmarked();
        let victim = victim.get_or_insert_with(|| worker.launch());
        act(&serving);
        sent += eventually("events that are not marked", || {
            unmarked().checked_sub(before).filter(|sent| *sent > 0)
        });
        victim.kill();
        held.release().await;
        // What the database was still asked for on its behalf comes to nothing now.
        let still_at = position(&database).await.0;
        assert_eq!(still_at, Some(marked_at), "killed between sending and marking");
        // And every fifth wherever it happens to be.
        if kill % 5 == 4 {
            let mut victim = worker.launch();
            victim.wait_for_log("this instance relays events");
            thread::sleep(Duration::from_millis(u64::try_from(kill).expect("few") * 7 % 150));
            victim.kill();
        }
    }
    let last = worker.launch();
    let count = marked(&database).await;
    last.stop();
    serving.stop();

    let mut read = database.store.read().await.expect("a connection");
    let logged = event_log::after(&mut read, 0, i64::MAX, i64::MAX).await.expect("the log");
    let messages = kafka_messages(&brokers, &topic);
    check(&logged, &messages);
    assert_eq!(i64::try_from(logged.len()).expect("few"), count);
    let repeated = messages.len() - logged.len();
    assert!(repeated >= kills, "each that was killed is repeated: {repeated}");
    eprintln!(
        "{:?}: {kills} kills after sending {sent} unmarked events; of {count} events came {} \
         messages, {repeated} of them repeats",
        database.backend,
        messages.len(),
    );
}

/// Every event arrived; each of a user the first time after the one before it, and whatever came again
/// is the same in every byte.
fn check(logged: &[Logged], messages: &[KafkaMessage]) {
    let mut seen: HashMap<&str, &KafkaMessage> = HashMap::new();
    let mut newest: HashMap<&str, i64> = HashMap::new();
    for message in messages {
        let header = |name| message.header(name).expect(name);
        let version: i64 = header("ce_userversion").parse().expect("a number");
        let newest = newest.entry(header("ce_subject")).or_default();
        if let Some(before) = seen.insert(header("ce_id"), message) {
            assert!(version <= *newest);
            assert!(before.headers().eq(message.headers()), "{before:?} {message:?}");
            assert_eq!((&before.key, &before.payload), (&message.key, &message.payload));
            assert_eq!(before.partition, message.partition);
        } else {
            assert_eq!(version, *newest + 1, "in the order of the user: {message:?}");
            *newest = version;
        }
    }
    for event in logged {
        let message = seen.get(event.id.to_string().as_str()).expect("every event arrives");
        assert_eq!(message.key, Some(event.user_id.to_string()));
        assert_eq!(message.header("ce_userversion"), Some(event.user_version.to_string().as_str()));
    }
    assert_eq!(seen.len(), logged.len(), "and nothing else");
}
