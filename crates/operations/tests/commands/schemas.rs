//! The schemas that other teams build by and the parser that judges what they send agree.

use operations::commands::{CommandKind, parse, schema};
use serde_json::{Value, json};
use testkit::json_schema::violations;

fn fits(schema: &Value, value: &Value) -> bool {
    violations(schema, value).is_empty()
}

/// One of each type with what it may say, and what it must.
fn good(kind: CommandKind) -> Vec<Value> {
    match kind {
        CommandKind::Block => vec![
            json!({}),
            json!({ "until": "2027-01-31T12:00:00Z", "reason": "unpaid" }),
            json!({ "until": null, "reason": null }),
            Value::Null,
        ],
        CommandKind::Unblock | CommandKind::Delete => vec![json!({}), Value::Null],
        CommandKind::GrantRole => {
            vec![json!({ "role": "moderator" }), json!({ "role": "a.b-c_9" })]
        }
        CommandKind::UpdateProfile => vec![
            json!({}),
            json!({ "first_name": "Ann", "last_name": "", "locale": "en", "metadata": {} }),
            json!({ "first_name": null, "last_name": null, "locale": null, "metadata": null }),
            json!({ "metadata": { "deep": [1, { "plan": null }] } }),
        ],
    }
}

fn event(kind: CommandKind, data: &Value) -> Value {
    json!({
        "specversion": "1.0",
        "id": "1",
        "source": "billing",
        "type": kind.type_name(),
        "subject": "0190b0b0-0000-7000-8000-000000000001",
        "time": "2026-01-01T00:00:00.123456Z",
        "data": data,
    })
}

/// Whatever is put into the place of whatever.
fn values() -> Vec<Value> {
    let long_role = "r".repeat(65);
    vec![
        Value::Null,
        json!(""),
        json!("a b"),
        json!("Ärger"),
        json!("x".repeat(64)),
        json!(long_role),
        json!("x".repeat(255)),
        json!("x".repeat(256)),
        json!("1.0"),
        json!("moderator"),
        json!("Moderator"),
        json!("application/json"),
        json!("text/xml"),
        json!("2027-01-31T12:00:00Z"),
        json!("2027-01-31"),
        json!("0190b0b0-0000-7000-8000-000000000002"),
        json!("0190b0b0000070008000000000000002"),
        json!(1),
        json!(true),
        json!([]),
        json!({}),
        json!({ "role": "moderator" }),
        json!({ "until": "soon" }),
        json!({ "email": "ann@example.org" }),
    ]
}

#[test]
fn schema_and_parser_agree_on_whatever_is_sent() {
    let attributes = [
        "specversion",
        "id",
        "source",
        "type",
        "subject",
        "time",
        "data",
        "datacontenttype",
        "data_base64",
        "extension",
    ];
    let fields =
        ["until", "reason", "role", "first_name", "last_name", "locale", "metadata", "password"];
    let (mut accepted, mut refused) = (0, 0);
    for kind in CommandKind::ALL {
        let schema = schema(kind);
        let mut corpus = Vec::new();
        for data in good(kind) {
            let whole = event(kind, &data);
            assert!(fits(&schema, &whole), "{whole}");
            corpus.push(whole.clone());
            for name in attributes {
                let mut without = whole.clone();
                without.as_object_mut().expect("an object").remove(name);
                corpus.push(without);
                for value in values() {
                    let mut changed = whole.clone();
                    changed[name] = value;
                    corpus.push(changed);
                }
            }
            for name in fields.iter().filter(|_| data.is_object()) {
                let mut without = whole.clone();
                without["data"].as_object_mut().expect("an object").remove(*name);
                corpus.push(without);
                for value in values() {
                    let mut changed = whole.clone();
                    changed["data"][*name] = value;
                    corpus.push(changed);
                }
            }
        }
        for value in corpus {
            let parsed = parse(value.to_string().as_bytes());
            let is_parsed = parsed.as_ref().is_ok_and(|command| command.kind() == kind);
            assert_eq!(fits(&schema, &value), is_parsed, "{value}: {parsed:?}");
            *(if is_parsed { &mut accepted } else { &mut refused }) += 1;
        }
    }
    assert!(accepted > 100 && refused > 1000, "{accepted} {refused}");
}
