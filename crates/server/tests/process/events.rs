//! Events of a real process in a real broker that comes, goes and hangs, and of workers that are killed.

use std::collections::HashSet;
use std::thread;
use std::time::Duration;

use testkit::{
    Backend, Database, KafkaMessage, KafkaServer, kafka_brokers, kafka_messages, kafka_topic,
};

use super::{Program, eventually};

testkit::on_every_backend!(Database::fresh =>
    r_05_a_killed_relay_loses_nothing_and_repeats_under_the_same_ids,
);

const PEOPLE: usize = 50;

fn ids(messages: &[KafkaMessage]) -> HashSet<String> {
    messages.iter().map(|message| message.header("ce_id").unwrap().to_owned()).collect()
}

async fn r_05_a_killed_relay_loses_nothing_and_repeats_under_the_same_ids(database: Database) {
    let topic = kafka_topic("events");
    let program = Program::new()
        .with("VESTIBULE_DATABASE__URL", &database.url)
        .with("VESTIBULE_KAFKA__BROKERS", &kafka_brokers())
        .with("VESTIBULE_KAFKA__EVENTS_TOPIC", &topic);
    let serving = program.clone().argument("serve").argument("--no-worker").start();
    let worker = program.beside().argument("worker").with("VESTIBULE_EVENTS__LEASE", "1s");
    let killed = thread::scope(|scope| {
        let registering = scope.spawn(|| {
            for number in 0..PEOPLE {
                serving.register(&format!("user{number}")).expect(201);
                thread::sleep(Duration::from_millis(150));
            }
        });
        let mut killed = 0;
        while !registering.is_finished() {
            let mut worker = worker.launch();
            worker.wait_for_log("this instance relays events");
            thread::sleep(Duration::from_millis(40 * (killed % 6)));
            worker.kill();
            killed += 1;
        }
        registering.join().unwrap();
        killed
    });
    assert!(killed > 0, "nobody was killed");
    let worker = worker.launch();
    let messages = eventually("every event", || {
        let messages = kafka_messages(&kafka_brokers(), &topic);
        (ids(&messages).len() >= PEOPLE).then_some(messages)
    });
    worker.stop();
    serving.stop();
    assert_eq!(ids(&messages).len(), PEOPLE);
    let subjects: HashSet<_> =
        messages.iter().map(|message| message.header("ce_subject").unwrap()).collect();
    assert_eq!(subjects.len(), PEOPLE, "a registration each");
}

/// The broker is no concern of whoever registers.
#[tokio::test]
async fn r_13_while_the_broker_is_away_people_register_and_afterwards_their_events_arrive() {
    let mut broker = KafkaServer::start().await;
    let database = Database::fresh(Backend::Sqlite).await;
    let program = Program::new()
        .with("VESTIBULE_DATABASE__URL", &database.url)
        .with("VESTIBULE_KAFKA__TIMEOUT", "2s")
        .with("VESTIBULE_KAFKA__BROKERS", &broker.brokers());
    let serving = program.start();
    let topic = "vestibule.users.events";
    let brokers = broker.brokers();
    let arrived = |count| {
        eventually("events", || {
            (ids(&kafka_messages(&brokers, topic)).len() == count).then_some(())
        });
    };
    serving.register("before").expect(201);
    arrived(1);
    broker.kill();
    for number in 0..5 {
        serving.register(&format!("away{number}")).expect(201);
    }
    serving.wait_for_log("events are not taken");
    let (_, status) =
        ["events", "status", "--json"].into_iter().fold(program.clone(), Program::argument).run();
    assert!(status.contains("\"lag\":5"), "{status}");
    broker.start_again().await;
    arrived(6);
    broker.hang();
    serving.register("hanging").expect(201);
    thread::sleep(Duration::from_secs(3));
    broker.go_on();
    arrived(7);
    serving.stop();
}
