//! Commands of other services, while the program that does them is killed again and again.

use domain::UserId;
use integrations::SystemClock;
use operations::ports::Clock;
use serde_json::json;
use testkit::{
    Database, command_signature, kafka_brokers, kafka_messages, kafka_topic, kafka_topic_settings,
    kcat,
};

use super::{MASTER_KEY, PATIENCE, Program};

const COMMANDS: usize = 200;

testkit::on_every_backend!(Database::fresh =>
    commands_are_done_once_by_a_worker_that_is_killed,
);

/// Blocks and unblocks in turn: whatever is done twice leaves an event more.
async fn commands_are_done_once_by_a_worker_that_is_killed(database: Database) {
    let topic = kafka_topic("commands");
    let program = Program::new()
        .with("VESTIBULE_DATABASE__URL", &database.url)
        .with("VESTIBULE_KAFKA__BROKERS", &kafka_brokers())
        .with("VESTIBULE_KAFKA__COMMANDS_TOPIC", &topic)
        .with("VESTIBULE_KAFKA__COMMANDS_GROUP", &topic)
        .with("VESTIBULE_KAFKA__COMMANDS_DEAD_LETTER_TOPIC", &format!("{topic}.dead"))
        .with("VESTIBULE_KAFKA__REPLICATION_FACTOR", "1")
        .with("VESTIBULE_KAFKA__SOURCES_FILE", "sources.toml");
    let sources = format!(
        "[sources.billing]\ncommands = [\"user.block\", \"user.unblock\"]\n\
         keys = [\"{MASTER_KEY}\"]\n"
    );
    std::fs::write(program.directory().join("sources.toml"), sources).expect("written");
    let serving = program.clone().argument("serve").argument("--no-worker").start();
    let ann = serving.register("ann").expect(201).json();
    let ann = ann["id"].as_str().expect("an id").parse().map(UserId).expect("a UUID");
    serving.stop();
    for number in 0..COMMANDS {
        send(&program, &topic, ann, number);
    }

    let worker = program.beside().argument("worker");
    let mut kills = 0;
    for part in [40, 90, 150] {
        let mut running = worker.launch();
        let late = std::time::Instant::now() + PATIENCE;
        let mut seen = done(&database, ann).await;
        while seen.len() < part {
            assert!(
                std::time::Instant::now() < late,
                "{} of {part}:\n{}",
                seen.len(),
                running.log()
            );
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
            seen = done(&database, ann).await;
        }
        running.kill();
        kills += usize::from(seen.len() < COMMANDS);
    }
    assert!(kills > 0, "it was killed in the middle");
    let running = worker.launch();
    let late = std::time::Instant::now() + PATIENCE;
    while done(&database, ann).await.len() < COMMANDS {
        assert!(std::time::Instant::now() < late, "{}", running.log());
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    let log = running.stop();
    let told = done(&database, ann).await;
    let expected = ["vestibule.user.blocked.v1", "vestibule.user.unblocked.v1"];
    let expected = expected.into_iter().cycle().take(COMMANDS);
    assert_eq!(told, expected.collect::<Vec<_>>(), "each once, in order: {log}");
    let dump = database.dump().await;
    assert_eq!(dump.rows("command_inbox").len(), COMMANDS);
    let dead = format!("{topic}.dead");
    assert_eq!(kafka_messages(&kafka_brokers(), &dead).len(), 0);
    let kept = kafka_topic_settings(&kafka_brokers(), &dead);
    assert!(kept.contains(&"retention.ms=604800000".to_owned()), "LIF-06: a week: {kept:?}");
}

fn send(program: &Program, topic: &str, user: UserId, number: usize) {
    let kind = if number.is_multiple_of(2) { "block" } else { "unblock" };
    let value = json!({
        "specversion": "1.0",
        "id": number.to_string(),
        "source": "billing",
        "type": format!("vestibule.command.user.{kind}.v1"),
        "subject": user.to_string(),
        "time": SystemClock.now().to_rfc3339(),
    });
    let value = value.to_string();
    let key = data_encoding::BASE64.decode(MASTER_KEY.as_bytes()).expect("base64");
    let header = format!("vestibule-signature={}", command_signature(&key, &value));
    let file = program.directory().join("command");
    std::fs::write(&file, value).expect("written");
    let (file, brokers) = (file.display().to_string(), kafka_brokers());
    let partition = user.to_string();
    kcat(&["-P", "-b", &brokers, "-t", topic, "-k", &partition, "-H", &header, &file]);
}

/// What happened to the account after it was registered.
async fn done(database: &Database, user: UserId) -> Vec<String> {
    let mut read = database.store.read().await.expect("a connection");
    let events = storage::events::of_user(&mut read, user).await.expect("the log");
    events.into_iter().skip(1).map(|event| event.name).collect()
}
