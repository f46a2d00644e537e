//! JSON Schema (2020-12) as far as our schemas use it. A keyword that is not known here fails the test:
//! nothing is taken for checked that was not. Formats are asserted.

use domain::Timestamp;
use regex::Regex;
use serde_json::{Map, Value};
use url::Url;
use uuid::Uuid;

/// What is wrong with the value by this schema; nothing when it is valid.
pub fn violations(schema: &Value, value: &Value) -> Vec<String> {
    let mut found = Vec::new();
    look(schema, value, "", &mut found);
    found
}

fn look(schema: &Value, value: &Value, place: &str, found: &mut Vec<String>) {
    let schema = schema.as_object().expect("a schema is an object");
    for (keyword, rule) in schema {
        let is_right = match keyword.as_str() {
            "$schema" | "$id" | "title" | "description" => true,
            "type" => names(rule).iter().any(|name| is_of(name, value)),
            "const" => rule == value,
            "enum" => rule.as_array().expect("a list").contains(value),
            "pattern" => text(value).is_none_or(|text| {
                Regex::new(rule.as_str().expect("a text")).expect("a pattern").is_match(text)
            }),
            "format" => text(value).is_none_or(|text| has_format(rule, text)),
            "minLength" => text(value)
                .is_none_or(|text| text.chars().count() as u64 >= rule.as_u64().expect("a length")),
            "maxLength" => text(value)
                .is_none_or(|text| text.chars().count() as u64 <= rule.as_u64().expect("a length")),
            "minimum" => {
                value.as_i64().is_none_or(|number| number >= rule.as_i64().expect("a whole number"))
            }
            "required" => value
                .as_object()
                .is_none_or(|object| names(rule).iter().all(|name| object.contains_key(name))),
            "properties" => {
                let properties = rule.as_object().expect("an object");
                members(properties, value, place, found);
                true
            }
            "additionalProperties" => {
                let is_open = rule.as_bool().expect("true or false");
                is_open || is_named(schema.get("properties"), value)
            }
            "items" => {
                for item in value.as_array().into_iter().flatten() {
                    look(rule, item, &format!("{place}/-"), found);
                }
                true
            }
            other => panic!("{place}: the keyword {other} is not known here"),
        };
        if !is_right {
            found.push(format!("{place}: {keyword} {rule}, not {value}"));
        }
    }
}

fn members(properties: &Map<String, Value>, value: &Value, place: &str, found: &mut Vec<String>) {
    for (name, schema) in properties {
        if let Some(member) = value.get(name) {
            look(schema, member, &format!("{place}/{name}"), found);
        }
    }
}

/// Whether there is no member that the schema does not name.
fn is_named(properties: Option<&Value>, value: &Value) -> bool {
    let is_known = |name: &String| properties.is_some_and(|all| all.get(name).is_some());
    value.as_object().is_none_or(|object| object.keys().all(is_known))
}

fn text(value: &Value) -> Option<&str> {
    value.as_str()
}

fn names(rule: &Value) -> Vec<String> {
    let one = rule.as_str().map(|name| vec![name.to_owned()]);
    one.unwrap_or_else(|| {
        let all = rule.as_array().expect("a name or a list of them").iter();
        all.map(|name| name.as_str().expect("a name").to_owned()).collect()
    })
}

fn is_of(name: &str, value: &Value) -> bool {
    match name {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "null" => value.is_null(),
        "integer" => value.is_i64() || value.is_u64(),
        other => panic!("the type {other} is not known here"),
    }
}

fn has_format(rule: &Value, text: &str) -> bool {
    match rule.as_str() {
        Some("uuid") => text.len() == 36 && Uuid::parse_str(text).is_ok(),
        Some("date-time") => Timestamp::parse_rfc3339(text).is_some(),
        Some("uri-reference") => {
            let base: Url = "http://base.example/".parse().expect("a URL");
            !text.contains(' ') && base.join(text).is_ok()
        }
        other => panic!("the format {other:?} is not known here"),
    }
}
