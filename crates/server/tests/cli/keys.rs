//! The life of keys at the command line, on every backend.

use serde_json::Value;
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
    stage.run(&["keys", "rotate"]).is(4).says("this key is a secret of the settings, tokens.hs256_secret");
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
