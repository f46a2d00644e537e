//! The log of events at the command line.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;
use testkit::on_every_backend;

use super::Stage;
use super::doctor::finding;

on_every_backend!(Stage::migrated =>
    the_log_is_listed_from_wherever_one_was_and_followed,
    what_nobody_is_told_of_is_late_for_nobody_and_is_forgotten,
    why_commands_do_not_come_is_said_where_they_are_to,
);

/// What is waited for comes soon; this is only for the case that it never comes.
const PATIENCE: Duration = Duration::from_mins(1);

/// A process that is ended when the test forgets it.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        // It may be gone already, which is as good.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn listed(stage: &Stage, arguments: &[&str]) -> Vec<Value> {
    stage.run(&[&["events", "list", "--json"], arguments].concat()).is(0).json()
}

fn numbers(events: &[Value]) -> Vec<&str> {
    events.iter().map(|event| event["sequence"].as_str().unwrap()).collect()
}

async fn the_log_is_listed_from_wherever_one_was_and_followed(stage: Stage) {
    let arguments = ["events", "list", "--follow", "--json"];
    let mut follower = Command::new(env!("CARGO_BIN_EXE_vestibule"))
        .args(arguments)
        .env_clear()
        .envs(stage.settings.iter().cloned())
        .current_dir(stage.folder())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(follower.stdout.take().unwrap()).lines();
    let mut follower = Running(follower);
    let _worker = Running(stage.start(&["worker"]));
    stage.create("ann");
    stage.run(&["user", "block", "ann"]).is(0);
    stage.create("bob");
    let late = Instant::now() + PATIENCE;
    while listed(&stage, &[]).len() < 3 {
        assert!(Instant::now() < late, "nobody numbers");
    }

    let all = listed(&stage, &[]);
    let (first, second) = ("00000000000000000001", "00000000000000000002");
    assert_eq!(numbers(&all), [first, second, "00000000000000000003"]);
    assert_eq!(all[1]["type"], "vestibule.user.blocked.v1");
    assert_eq!(numbers(&listed(&stage, &["--after", first, "--limit", "1"])), [second]);
    assert_eq!(numbers(&listed(&stage, &["--user", "ann"])), [first, second]);
    let blocked = ["--type", "vestibule.user.blocked.v1"];
    assert_eq!(numbers(&listed(&stage, &blocked)), [second]);
    let table = stage.run(&["events", "list", "--limit", "2"]).is(0);
    table.says("user.blocked.v1     ann   operator  {\"until\":null}");
    table.says(&format!("more: vestibule events list --limit 2 --after {second}"));
    for kind in ["vestibule.user.registered.v1", "user.registered.v1"] {
        let some = ["events", "list", "--user", "ann", "--type", kind, "--limit", "1"];
        let more =
            "more: vestibule events list --type vestibule.user.registered.v1 --user ann --limit 1";
        stage.run(&some).is(0).says(&format!("{more} --after {first}"));
    }
    stage.run(&["events", "list", "--after", "latest"]).is(0).says("there are no events here");
    stage.run(&["events", "list", "--after", "4"]).is(4).says("the log is not that long");
    stage.run(&["events", "list", "--after", "soon"]).is(2).says("nor `latest`");
    stage.run(&["events", "list", "--type", "user.blocked"]).is(2);
    let unknown = stage.run(&["events", "replay", "--sink", "kafka-state"]);
    unknown.is(4).says("nothing of this name was told of events");
    stage.run(&["events", "replay"]).is(2);
    stage.run(&["events", "replay", "--user", "ann"]).is(0).says("nobody was told of any of them");

    for event in &all {
        let told: Value = serde_json::from_str(&lines.next().unwrap().unwrap()).unwrap();
        assert_eq!(&told, event);
    }
    let interrupted = Command::new("sh")
        .args(["-c", "kill -s INT \"$0\"", &follower.0.id().to_string()])
        .status();
    assert!(interrupted.unwrap().success());
    assert!(follower.0.wait().unwrap().success(), "Ctrl-C is how it ends");
    let calls = stage.run(&["audit", "list", "--action", "events.list", "--json"]).is(0).json();
    assert!(calls.iter().all(|call| call["outcome"] == "done" || call["outcome"] == "refused"));
}

async fn what_nobody_is_told_of_is_late_for_nobody_and_is_forgotten(stage: Stage) {
    const KAFKA: &str = "VESTIBULE_KAFKA__BROKERS";
    stage.create("ann");
    for sql in [
        "INSERT INTO event_cursors (sink, position, moved_at) VALUES ('kafka', 0, 1)",
        "UPDATE events SET position = 1, recorded_at = recorded_at - 3600000000",
        "UPDATE event_leader SET position = 1",
    ] {
        stage.database.execute(sql).await;
    }
    let state = |stage: &Stage| {
        let status = stage.run(&["events", "status", "--json"]).is(0).json().remove(0);
        status["sinks"][0]["state"].as_str().unwrap().to_owned()
    };
    let found = |stage: &Stage| finding(&stage.run(&["doctor", "--json"]), "events");
    assert_eq!((state(&stage).as_str(), found(&stage).0.as_str()), ("unset", "ok"));

    let stage = stage.with(KAFKA, "127.0.0.1:1");
    assert_eq!(state(&stage), "active");
    let late = ("problem".to_owned(), "kafka is 1 events behind".to_owned());
    assert_eq!(found(&stage), late);
    stage.run(&["events", "forget", "kafka"]).is(4).says("it is in use");
    stage.run(&["events", "skip", "kafka"]).is(4).says("no event is in its way");

    let stage = stage.without(KAFKA);
    stage.run(&["events", "forget", "kafka"]).is(0).says("kafka is forgotten");
    stage.run(&["events", "forget", "kafka"]).is(4).says("nothing of this name was told of events");
    let calls = stage.run(&["audit", "list", "--action", "events.forget", "--json"]).is(0).json();
    let outcomes: Vec<_> = calls.iter().map(|call| call["outcome"].as_str().unwrap()).collect();
    assert_eq!(outcomes.iter().filter(|outcome| **outcome == "done").count(), 1, "{calls:?}");

    stage.run(&["webhook", "create", "https://example.org/events"]).is(0);
    stage.run(&["events", "status"]).is(0);
    assert_eq!(found(&stage).0, "ok");
    let because =
        "UPDATE webhook_endpoints SET paused_at = 1, paused_because = 'nothing was taken'";
    stage.database.execute(because).await;
    assert_eq!(state(&stage), "paused");
    let (verdict, says) = found(&stage);
    assert_eq!(verdict, "warning");
    assert!(says.ends_with("took nothing and is paused"), "{says}");
}

async fn why_commands_do_not_come_is_said_where_they_are_to(stage: Stage) {
    let sql = "UPDATE command_queue SET failing_since = 1, reason = 'commands.x is missing'";
    stage.database.execute(sql).await;
    let status = stage.run(&["events", "status"]).is(0);
    status.says("commands do not come since 1970-01-01T").says(": commands.x is missing");
    let found = |stage: &Stage| finding(&stage.run(&["doctor", "--json"]), "events");
    assert_eq!(found(&stage).0, "ok", "none are to come");
    let sources = stage.folder().join("sources.toml");
    let key = "3rZ5m0cUuWqJ1Yx8pTnF6sLd2vHkBgE9aQoXiRyMNVI=";
    let text = format!("[sources.billing]\ncommands = [\"user.block\"]\nkeys = [\"{key}\"]\n");
    std::fs::write(&sources, text).unwrap();
    let stage = stage
        .with("VESTIBULE_KAFKA__BROKERS", "127.0.0.1:1")
        .with("VESTIBULE_KAFKA__COMMANDS_TOPIC", "commands.x")
        .with("VESTIBULE_KAFKA__SOURCES_FILE", &sources.display().to_string());
    let (verdict, says) = found(&stage);
    assert_eq!(verdict, "problem");
    assert!(says.ends_with(": commands.x is missing"), "{says}");
}
