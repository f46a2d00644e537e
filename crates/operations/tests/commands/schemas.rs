//! The schemas that other teams build by and the parser that judges what they send agree.

use domain::Timestamp;
use operations::commands::{CommandKind, parse, schema};
use serde_json::{Value, json};
use uuid::Uuid;

/// As much of JSON Schema 2020-12 as ours use; anything else in a schema fails the test.
fn fits(schema: &Value, value: &Value) -> bool {
    let schema = schema.as_object().expect("a schema");
    let needed = schema.get("required").and_then(Value::as_array);
    let properties = schema.get("properties").and_then(Value::as_object);
    schema.iter().all(|(keyword, rule)| match keyword.as_str() {
        "$schema" | "$id" | "title" | "description" => true,
        "type" => {
            let one = std::slice::from_ref(rule);
            rule.as_array().map_or(one, Vec::as_slice).iter().any(|kind| is_a(kind, value))
        }
        "const" => value == rule,
        "enum" => rule.as_array().expect("a list").contains(value),
        "minLength" => value.as_str().is_none_or(|text| text.len() >= number(rule)),
        "maxLength" => value.as_str().is_none_or(|text| text.len() <= number(rule)),
        "pattern" => value.as_str().is_none_or(|text| matches_pattern(rule, text)),
        "format" => value.as_str().is_none_or(|text| match rule.as_str() {
            Some("date-time") => Timestamp::parse_rfc3339(text).is_some(),
            Some("uuid") => text.len() == 36 && Uuid::parse_str(text).is_ok(),
            other => panic!("format {other:?}"),
        }),
        "required" => value.as_object().is_none_or(|object| {
            needed
                .into_iter()
                .flatten()
                .all(|name| object.contains_key(name.as_str().expect("a name")))
        }),
        "properties" => value.as_object().is_none_or(|object| {
            let of = |name: &String| properties.and_then(|properties| properties.get(name));
            object.iter().all(|(name, value)| of(name).is_none_or(|rule| fits(rule, value)))
        }),
        "additionalProperties" => value.as_object().is_none_or(|object| {
            let is_known = |name: &String| properties.is_some_and(|all| all.contains_key(name));
            *rule == json!(false) && object.keys().all(is_known)
        }),
        other => panic!("keyword {other}"),
    })
}

fn number(rule: &Value) -> usize {
    usize::try_from(rule.as_u64().expect("a number")).expect("a small one")
}

fn is_a(kind: &Value, value: &Value) -> bool {
    match kind.as_str() {
        Some("object") => value.is_object(),
        Some("string") => value.is_string(),
        Some("null") => value.is_null(),
        other => panic!("type {other:?}"),
    }
}

fn matches_pattern(rule: &Value, text: &str) -> bool {
    let small = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    match rule.as_str() {
        Some("^[!-~]+$") => !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic()),
        Some("^[a-z0-9][a-z0-9._-]*$") => {
            text.bytes().next().is_some_and(small)
                && text.bytes().all(|byte| small(byte) || b"._-".contains(&byte))
        }
        other => panic!("pattern {other:?}"),
    }
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
