//! Nothing of a message is believed before its signature holds.

use operations::commands::{CommandKind, MOST_BYTES, Outcome, SIGNATURE, SourceKey};
use serde_json::json;
use testkit::{App, command_signature};

use super::{KEY, billing, event, only, reason, send, signed, unsigned};
use crate::support::{events_of, registered};

const OTHER_KEY: [u8; 32] = [9; 32];

#[tokio::test]
async fn a_forged_message_does_nothing() {
    let app = App::on(storage::Backend::Sqlite).await;
    let ann = registered(&app.services, "ann").await.id;
    let settings = only(billing());
    let event = event(&app, CommandKind::Block, "1", ann, &json!({}));
    let value = event.to_string();
    let good = command_signature(&KEY, &value);
    let forged = command_signature(&OTHER_KEY, &value);
    let of_another = command_signature(&KEY, "{}");
    let (bare, newer) = (good.replace("v1,", ""), good.replace("v1,", "v2,"));
    let (short, long) = (good[..good.len() - 8].to_owned(), format!("{good}AAAA"));
    let empty = command_signature(&[], &value);
    for (headers, code) in [
        (vec![], "signature_missing"),
        (vec![("signature", good.as_str())], "signature_missing"),
        (vec![(SIGNATURE, "")], "signature_missing"),
        (vec![(SIGNATURE, bare.as_str())], "signature_missing"),
        (vec![(SIGNATURE, newer.as_str())], "signature_missing"),
        (vec![(SIGNATURE, "v1,")], "signature_wrong"),
        (vec![(SIGNATURE, forged.as_str())], "signature_wrong"),
        (vec![(SIGNATURE, of_another.as_str())], "signature_wrong"),
        (vec![(SIGNATURE, short.as_str())], "signature_wrong"),
        (vec![(SIGNATURE, long.as_str())], "signature_wrong"),
        (vec![(SIGNATURE, empty.as_str())], "signature_wrong"),
    ] {
        let message = unsigned(&value, &headers);
        assert_eq!(reason(&app, &settings, &message).await, code, "{headers:?}");
    }
    // The same but for one byte, or a blank.
    for changed in [value.replace("billing", "billinG"), format!("{value} ")] {
        let message = unsigned(&changed, &[(SIGNATURE, &good)]);
        let code = reason(&app, &settings, &message).await;
        assert!(["unknown_source", "signature_wrong"].contains(&code.as_str()), "{code}");
    }
    assert_eq!(events_of(&app, ann).await, ["user.registered"]);
    assert_eq!(app.database.count("command_inbox").await, 0);
    assert_eq!(app.database.count("audit_calls").await, 0);
    let message = unsigned(&value, &[(SIGNATURE, &good)]);
    assert_eq!(send(&app, &settings, &message).await, Outcome::Applied);
}

#[tokio::test]
async fn keys_rotate_while_both_sides_change_them_one_after_the_other() {
    let app = App::on(storage::Backend::Sqlite).await;
    let ann = registered(&app.services, "ann").await.id;
    let mut source = billing();
    source.keys.push(SourceKey::new(&OTHER_KEY).expect("long enough"));
    let settings = only(source);
    let strange = command_signature(&[1; 32], "");
    for (index, key) in [KEY, OTHER_KEY].iter().enumerate() {
        let event = event(&app, CommandKind::Unblock, &index.to_string(), ann, &json!({}));
        let value = event.to_string();
        let several = format!("v2,AAAA {strange}  {}", command_signature(key, &value));
        let message = unsigned(&value, &[(SIGNATURE, "v1,AAAA"), (SIGNATURE, &several)]);
        assert_eq!(send(&app, &settings, &message).await, Outcome::Unchanged);
    }
}

#[tokio::test]
async fn what_is_no_command_is_set_aside_with_the_reason() {
    let app = App::on(storage::Backend::Sqlite).await;
    let ann = registered(&app.services, "ann").await.id;
    let settings = only(billing());
    let good = event(&app, CommandKind::Block, "1", ann, &json!({}));
    let mut tombstone = signed(&good);
    tombstone.value = None;
    assert_eq!(reason(&app, &settings, &tombstone).await, "malformed");
    for (value, code) in [
        ("", "malformed"),
        ("\"text\"", "malformed"),
        ("{\"source\": 1}", "malformed"),
        ("{\"source\":\"billing\",\"source\":\"shop\"}", "malformed"),
        ("{\"source\":\"billing\"} {}", "malformed"),
        ("{\"source\":\"shop\"}", "unknown_source"),
        ("{\"source\":\"billing\"}", "schema"),
    ] {
        let message = unsigned(value, &[(SIGNATURE, &command_signature(&KEY, value))]);
        assert_eq!(reason(&app, &settings, &message).await, code, "{value}");
    }
    let with = |field: &str, value: serde_json::Value| {
        let mut event = good.clone();
        event[field] = value;
        signed(&event)
    };
    for (message, code) in [
        (with("type", json!("vestibule.command.user.promote.v1")), "unknown_type"),
        (with("type", json!("vestibule.command.user.block.v2")), "unknown_type"),
        (with("specversion", json!("0.3")), "schema"),
        (with("subject", json!("ann")), "schema"),
        (with("time", json!("yesterday")), "schema"),
        (with("id", json!("")), "schema"),
        (with("id", json!("a b")), "schema"),
        (with("data", json!({ "password": "guessed" })), "schema"),
        (with("more", json!("x".repeat(MOST_BYTES))), "too_large"),
    ] {
        assert_eq!(reason(&app, &settings, &message).await, code);
    }
    assert_eq!(events_of(&app, ann).await, ["user.registered"]);
}
