//! The life of keys at the command line, on every backend.

use serde_json::Value;
use server::World;
use server::config::{Settings, Sources};
use testkit::{Backend, on_every_backend};

use super::Stage;

on_every_backend!(Stage::migrated => keys_are_listed_replaced_and_retired);

impl Stage {
    /// The keys that sign access tokens, oldest first.
    fn keys(&self) -> Vec<Value> {
        let mut keys = self.run(&["keys", "list", "--json"]).is(0).json();
        keys.retain(|key| key["purpose"] == "access_token");
        keys
    }

    /// What a server does with the keys when it starts.
    async fn start_services(&self) {
        let sources = Sources {
            working_directory: self.folder().to_owned(),
            environment: self.settings.clone(),
            ..Sources::default()
        };
        let settings = Settings::load(&sources).unwrap();
        let store = self.database.connect_again().await;
        let services = server::services(&settings, store, World::system()).await.unwrap();
        services.stop().await;
    }
}

fn states(keys: &[Value]) -> Vec<&str> {
    keys.iter().map(|key| key["state"].as_str().unwrap()).collect()
}

async fn keys_are_listed_replaced_and_retired(stage: Stage) {
    assert_eq!(states(&stage.keys()), ["signing"]);
    let published = stage.run(&["keys", "rotate"]).is(0);
    published.says(" is published, and signs from ");
    assert_eq!(stage.run(&["keys", "rotate"]).is(0).out, published.out);
    assert_eq!(states(&stage.keys()), ["signing", "next"]);

    stage.run(&["keys", "rotate", "--now"]).is(0).says(" signs on every instance within a minute");
    let keys = stage.keys();
    assert_eq!(states(&keys), ["accepted", "signing"]);
    assert!(keys[0]["accepted_until"].is_string());
    let kid = keys[1]["kid"].as_str().unwrap();
    stage.run(&["keys", "retire", kid]).is(0).says(&format!("{kid} is retired"));
    let table = stage.run(&["keys", "list"]).is(0);
    assert!(table.out.starts_with("KID  "), "{table:?}");
    table.says("refresh_token").says("EdDSA").says("retired 2");
    let keys = stage.keys();
    assert_eq!(states(&keys)[1..], ["retired", "signing"]);
    stage.run(&["doctor"]).says("the master key opens all");
}

#[tokio::test]
async fn what_is_no_key_of_ours_is_refused() {
    let stage = Stage::migrated(Backend::Sqlite).await;
    for kid in ["x", "01234567-89ab-cdef-0123-456789abcdef"] {
        stage.run(&["keys", "retire", kid]).is(4).says("there is no such key: see vestibule keys");
    }
    let secret = "nB9T4gq2yL0y6kq1m0yJm3mR0c5bWw8sYd7f3hUeX5k=";
    let stage = stage
        .with("VESTIBULE_TOKENS__ALGORITHM", "HS256")
        .with("VESTIBULE_TOKENS__HS256_SECRET", secret);
    stage
        .run(&["keys", "rotate"])
        .is(4)
        .says("this key is a secret of the settings, tokens.hs256_secret");
}

/// A key that replaces the one of the instances would end the life of what these go on signing.
#[tokio::test]
async fn a_command_with_other_settings_makes_no_key() {
    let stage = Stage::migrated(Backend::Sqlite).await;
    let keys = stage.keys();
    let elsewhere = stage.with("VESTIBULE_TOKENS__ISSUER", "https://other.example.org");
    elsewhere.run(&["user", "list"]).is(0);
    assert_eq!(elsewhere.keys(), keys);
}

const SECRET: &str = "tM6$kq2!vXz9#Rb4@Wn7&Lp1*Fh8^Jd3+Gs5=Yc0";

/// JWT-13: which key is that of a dialect's secret is said; the secret is not.
#[tokio::test]
async fn the_secret_of_a_dialect_is_told_of_and_not_told() {
    let stage = Stage::migrated(Backend::Sqlite).await;
    let before = stage.run(&["keys", "list"]).is(0);
    let stage = stage.with("VESTIBULE_DIALECTS__DJOSER__SECRET", SECRET);
    stage.run(&["doctor"]).says("no start has signed for http://127.0.0.1:8000/djoser");
    assert_eq!(stage.run(&["keys", "list"]).is(0).out, before.out, "a command makes none");
    stage.start_services().await;
    let kid = {
        let keys = stage.run(&["keys", "list", "--json"]).is(0).json();
        let of_djoser = keys.iter().find(|key| key["purpose"] == "tokens_of_djoser");
        let key = of_djoser.expect("a key of the secret").clone();
        assert_eq!((&key["state"], &key["algorithm"]), (&"signing".into(), &"HS256".into()));
        key["kid"].as_str().unwrap().to_owned()
    };
    let doctor = stage.run(&["doctor"]);
    doctor.says(&format!(
        "djoser signs for http://127.0.0.1:8000/djoser under its own secret, {kid}"
    ));
    stage.run(&["keys", "retire", &kid]).is(4).says("or that of a dialect: exchange it there");
    let list = stage.run(&["keys", "list"]).is(0);
    list.says("tokens_of_djoser");
    let config = stage.run(&["config", "print"]).is(0);
    for told in [&doctor, &list, &config] {
        assert!(!told.out.contains(SECRET) && !told.err.contains(SECRET), "{told:?}");
    }
    // Nothing of it signs when the settings name it no more.
    let stage = stage.with("VESTIBULE_DIALECTS__DJOSER__SECRET", "");
    stage.run(&["keys", "list"]).is(0).says("over");
    stage.run(&["keys", "retire", &kid]).is(0).says("is retired");
}

#[tokio::test]
async fn a_weak_secret_of_a_dialect_is_told_of_at_each_start() {
    let stage = Stage::migrated(Backend::Sqlite).await;
    let stage = stage.with("VESTIBULE_DIALECTS__DJOSER__SECRET", "short-of-it");
    stage.run(&["doctor"]).says("dialects.djoser.secret: has 11 bytes, 32 are the least");
    let stage = stage.with("VESTIBULE_DIALECTS__DJOSER__ALLOW_WEAK_SECRET", "true");
    let doctor = stage.run(&["doctor"]);
    doctor.says("dialects.djoser.secret: has 11 bytes, 32 are the least: who finds it out");
    assert!(!doctor.out.contains("short-of-it"), "{doctor:?}");
}
