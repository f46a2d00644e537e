//! `doctor` on sound deployments and on broken ones.

use std::net::TcpListener;
use std::path::Path;
use std::time::Duration;

use serde_json::Value;
use testkit::{Authority, Backend, Certificate, RedisServer, on_every_backend};

use super::{Ended, Stage};

const OTHER_KEY: &str = "mZ8hVb0tQ2cX4yR6nK1sJ7dL9wF3gA5eUiOpTqYxCvM=";

/// What `check` says, with its verdict.
#[track_caller]
pub(super) fn finding(ended: &Ended, check: &str) -> (String, String) {
    let of = |value: &Value| value.as_str().unwrap().to_owned();
    let found = ended.json().into_iter().find(|finding| finding["check"] == check);
    let found = found.unwrap_or_else(|| panic!("no {check} in {ended:#?}"));
    if found["verdict"] != "ok" {
        assert!(found["mend"].is_string(), "{found}");
    }
    (of(&found["verdict"]), of(&found["says"]))
}

fn verdict(ended: &Ended, check: &str) -> String {
    finding(ended, check).0
}

on_every_backend!(Stage::with_admin =>
    a_sound_deployment_has_no_problem, otp_15_guesses_at_codes_are_told,
);

async fn a_sound_deployment_has_no_problem(stage: Stage) {
    let ended = stage.run(&["doctor", "--json"]);
    for check in [
        "configuration",
        "database",
        "clock",
        "schema",
        "keys",
        "administrator",
        "codes",
        "mail",
        "text messages",
        "limits",
    ] {
        assert_eq!(verdict(&ended, check), "ok", "{check}: {ended:#?}");
    }
    let passwords = "profile default: 8 characters at least, none that is well known";
    assert_eq!(finding(&ended, "passwords").1, passwords);
    assert_eq!(verdict(&ended, "hashing"), "warning", "64 KiB are weak");
    assert!(finding(&ended, "keys").1.contains("the next key is due 2"), "{ended:#?}");
    let place = match stage.database.backend {
        Backend::Sqlite => "kept in the memory of each instance",
        Backend::Postgres | Backend::MySql => "kept in the database",
    };
    assert_eq!(finding(&ended, "limits").1, place);
    // Servers of a test run may be told to be quick instead of durable, and are then found out.
    let is_durable = verdict(&ended, "durability") == "ok";
    if stage.database.backend == Backend::Sqlite {
        assert!(is_durable);
        assert_eq!(verdict(&ended, "disk"), "ok");
    }
    assert_eq!(ended.code, i32::from(!is_durable), "{ended:#?}");
    let shown = stage.run(&["doctor"]);
    assert_eq!(shown.code, ended.code);
    assert_eq!(
        shown.out.lines().filter(|line| line.starts_with("ok ")).count()
            + 1
            + usize::from(!is_durable),
        ended.json().len()
    );
}

async fn otp_15_guesses_at_codes_are_told(stage: Stage) {
    // In microseconds: until 2001 and until 2100.
    for (braked, expected) in [
        ("INSERT INTO code_brakes (name, until) VALUES ('codes', 1000000000000000)", "ok"),
        ("UPDATE code_brakes SET until = 4102444800000000", "warning"),
    ] {
        stage.database.execute(braked).await;
        let (verdict, says) = finding(&stage.run(&["doctor", "--json"]), "codes");
        assert_eq!(verdict, expected, "{says}");
        assert_eq!(says.contains("until 2100-01-01T00:00:00"), expected == "warning", "{says}");
    }
}

#[tokio::test]
async fn a_database_that_does_not_answer_hides_no_other_problem() {
    let stage = Stage::empty(Backend::Sqlite)
        .await
        .with("VESTIBULE_DATABASE__URL", "mysql://vestibule@127.0.0.1:1/accounts")
        .with("VESTIBULE_MAIL__FOLDER", "file/mail")
        .with("VESTIBULE_REDIS__URL", "redis://127.0.0.1:1")
        .with("VESTIBULE_KAFKA__BROKERS", "127.0.0.1:1");
    std::fs::write(stage.folder().join("file"), "not a folder").unwrap();
    let ended = stage.run(&["doctor", "--json"]).is(1);
    for check in ["database", "mail", "redis", "kafka"] {
        assert_eq!(verdict(&ended, check), "problem", "{check}: {ended:#?}");
    }
    let shown = stage.run(&["doctor"]).is(1);
    shown.says("mend: check database.url").says("there are 4 problems");
}

#[tokio::test]
async fn a_wrong_or_missing_master_key_is_a_problem() {
    let stage =
        Stage::with_admin(Backend::Sqlite).await.with("VESTIBULE_SECURITY__MASTER_KEY", OTHER_KEY);
    let (verdict_now, says) = finding(&stage.run(&["doctor", "--json"]).is(1), "keys");
    assert_eq!(verdict_now, "problem");
    assert_eq!(says, "2 of 2 keys were sealed under another master key");
    stage.run(&["user", "list"]).is(1).says("sealed under another master key");

    let stage = stage.without("VESTIBULE_SECURITY__MASTER_KEY");
    let (verdict_now, says) = finding(&stage.run(&["doctor", "--json"]).is(1), "keys");
    assert_eq!(verdict_now, "problem");
    assert!(says.contains("is missing"), "{says}");
    assert!(!stage.folder().join("data/master.key").exists(), "looking makes no key");
}

#[tokio::test]
async fn what_the_next_start_mends_is_a_warning() {
    let stage = Stage::empty(Backend::Sqlite).await;
    let (verdict_now, says) = finding(&stage.run(&["doctor", "--json"]).is(0), "schema");
    assert_eq!(verdict_now, "warning");
    let count = storage::migrations().len();
    assert_eq!(says, format!("{count} migrations pending, from 0001 users"));
    let stage = stage.with("VESTIBULE_DATABASE__MIGRATE_AT_START", "false");
    assert_eq!(verdict(&stage.run(&["doctor", "--json"]).is(1), "schema"), "problem");
    stage.run(&["migrate"]).is(0);
    let ended = stage.run(&["doctor", "--json"]).is(0);
    assert_eq!(verdict(&ended, "administrator"), "warning");
    assert!(finding(&ended, "keys").1.starts_with("none yet"));
}

#[tokio::test]
async fn another_algorithm_is_told_about() {
    let stage =
        Stage::with_admin(Backend::Sqlite).await.with("VESTIBULE_TOKENS__ALGORITHM", "ES256");
    let ended = stage.run(&["doctor", "--json"]).is(0);
    assert_eq!(verdict(&ended, "keys"), "warning");
    assert!(finding(&ended, "keys").1.contains("ES256"));
}

#[tokio::test]
async fn a_kafka_broker_is_told_apart_from_what_is_none() {
    let stage = Stage::migrated(Backend::Sqlite).await;
    let (brokers, topic) = (testkit::kafka_brokers(), testkit::kafka_topic("doctor"));
    let stage = stage
        .with("VESTIBULE_KAFKA__BROKERS", &brokers)
        .with("VESTIBULE_KAFKA__EVENTS_TOPIC", &topic);
    let missing = format!("but there is no {topic} (kafka.events_topic)");
    let mut stage = stage;
    for (creates, expected) in [("true", "warning"), ("false", "problem")] {
        stage = stage.with("VESTIBULE_KAFKA__CREATE_TOPICS", creates);
        let (verdict, says) = finding(&stage.run(&["doctor", "--json"]), "kafka");
        assert_eq!(verdict, expected);
        assert!(says.ends_with(&missing), "{says}");
    }
    testkit::kafka_produce(&brokers, &topic, &[], "made by whoever writes to it");
    let (verdict, says) = finding(&stage.run(&["doctor", "--json"]), "kafka");
    assert_eq!(verdict, "ok");
    assert!(says.starts_with("1 brokers answer, with "), "{says}");

    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let broker = listener.local_addr().unwrap().to_string();
    std::thread::spawn(move || listener.incoming().for_each(drop));
    let stage = stage.with("VESTIBULE_KAFKA__BROKERS", &broker);
    let ended = stage.run(&["doctor", "--json"]);
    let (verdict, says) = finding(&ended, "kafka");
    assert_eq!(verdict, "problem");
    assert!(says.contains("it may want TLS or a user"), "{says}");
    assert!(!ended.err.contains("rdkafka") && !ended.err.contains(".rs"), "{}", ended.err);
}

#[tokio::test]
async fn certificates_that_clients_refuse_are_told_before_they_do() {
    const HOST: &str = "accounts.example.org";
    let (one, other) = (Authority::default(), Authority::default());
    let (shown, foreign) = (one.certificate(HOST), other.certificate(HOST));
    let week = Duration::from_hours(7 * 24);
    let path = |path: &Path| path.display().to_string();
    let mut stage = Stage::with_admin(Backend::Sqlite)
        .await
        .with("VESTIBULE_HTTP__PUBLIC_URL", "https://accounts.example.org/people");
    let mixed = Certificate { key: foreign.key, ..shown.clone() };
    for (certificate, expected, says) in [
        (shown, "ok", "is good until "),
        (mixed, "problem", "is not the key of"),
        (one.expiring(HOST, week), "warning", "ends soon, at "),
        (one.expired(HOST), "problem", "ended at 2002-01-01T"),
        (one.certificate("*.example.com"), "problem", "does not name the host of "),
        (one.certificate("*.example.org"), "ok", "is good until "),
    ] {
        stage = stage
            .with("VESTIBULE_HTTP__TLS_CERTIFICATE_FILE", &path(&certificate.certificate))
            .with("VESTIBULE_HTTP__TLS_KEY_FILE", &path(&certificate.key));
        let code = i32::from(expected == "problem");
        let (verdict, told) = finding(&stage.run(&["doctor", "--json"]).is(code), "tls");
        assert_eq!(verdict, expected, "{told}");
        assert!(told.contains(says), "{told}");
    }
}

#[tokio::test]
async fn limits_that_do_not_hold_are_told() {
    let stage = || async { Stage::with_admin(Backend::Sqlite).await };
    for (settings, says) in [
        (vec![("VESTIBULE_LIMITS__MODE", "off")], "off: "),
        (vec![("VESTIBULE_LIMITS__MODE", "observe")], "only observed"),
        (vec![("VESTIBULE_LIMITS__NODES", "3")], "3 instances grant each its own"),
    ] {
        let stage =
            settings.iter().fold(stage().await, |stage, (key, value)| stage.with(key, value));
        let (verdict, told) = finding(&stage.run(&["doctor", "--json"]), "limits");
        assert_eq!(verdict, "warning");
        assert!(told.contains(says), "{told}");
    }
}

/// The authority is known to nobody but this test.
#[tokio::test]
async fn tls_to_redis_is_verified_by_the_authority_that_is_named() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cli/certificates");
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let (certificate, key) = (folder.join("server.pem"), folder.join("server.key"));
    let _redis = RedisServer::start_with_tls(port, &certificate, &key).await;
    let stage = Stage::with_admin(Backend::Sqlite)
        .await
        .with("VESTIBULE_REDIS__URL", &format!("rediss://127.0.0.1:{port}"));
    let (verdict, says) = finding(&stage.run(&["doctor", "--json"]).is(1), "redis");
    assert_eq!(verdict, "problem", "{says}");
    let authority = folder.join("authority.pem").display().to_string();
    let stage = stage.with("VESTIBULE_REDIS__CA_FILE", &authority);
    let ended = stage.run(&["doctor", "--json"]).is(0);
    assert_eq!(finding(&ended, "redis"), ("ok".into(), "answers".into()));
    assert_eq!(finding(&ended, "limits").1, "kept in Redis");
    // Its name is verified, too.
    let elsewhere = stage.with("VESTIBULE_REDIS__URL", &format!("rediss://127.0.0.2:{port}"));
    assert_eq!(finding(&elsewhere.run(&["doctor", "--json"]).is(1), "redis").0, "problem");
    let plain = elsewhere.with("VESTIBULE_REDIS__URL", &format!("redis://127.0.0.1:{port}"));
    assert!(plain.run(&["doctor", "--json"]).is(1).out.contains("redis.ca_file"));
}
