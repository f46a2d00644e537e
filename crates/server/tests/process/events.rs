//! Events of a real process in a real broker that comes, goes and hangs.

use std::collections::HashSet;
use std::thread;
use std::time::Duration;

use testkit::{Backend, Database, KafkaMessage, KafkaServer, kafka_messages};

use super::{Program, eventually};

fn ids(messages: &[KafkaMessage]) -> HashSet<String> {
    messages.iter().map(|message| message.header("ce_id").unwrap().to_owned()).collect()
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
