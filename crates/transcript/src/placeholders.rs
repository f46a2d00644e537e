//! `<name>`: what an answer tells and later requests need.

use std::collections::BTreeMap;

use serde_json::Value;

pub type Known = BTreeMap<String, String>;

/// Replaces what is known.
pub fn fill(text: &str, known: &Known) -> String {
    known
        .iter()
        .fold(text.to_owned(), |text, (name, value)| text.replace(&format!("<{name}>"), value))
}

/// The expectation with its placeholders filled from what was sent.
pub fn learn(expected: Value, sent: &Value, known: &mut Known) -> Value {
    match expected {
        Value::String(text) => {
            let name = text.strip_prefix('<').and_then(|rest| rest.strip_suffix('>'));
            match (name, sent) {
                (Some("*"), Value::String(_)) => sent.clone(),
                (Some(name), Value::String(value)) if !known.contains_key(name) => {
                    known.insert(name.to_owned(), value.clone());
                    sent.clone()
                }
                _ => Value::String(fill(&text, known)),
            }
        }
        Value::Array(items) => {
            let sent = |at: usize| sent.get(at).unwrap_or(&Value::Null);
            items.into_iter().enumerate().map(|(at, item)| learn(item, sent(at), known)).collect()
        }
        Value::Object(fields) => {
            let sent = |name: &str| sent.get(name).unwrap_or(&Value::Null);
            let learned = fields.into_iter().map(|(name, field)| {
                let field = learn(field, sent(&name), known);
                (name, field)
            });
            Value::Object(learned.collect())
        }
        other @ (Value::Null | Value::Bool(_) | Value::Number(_)) => other,
    }
}

/// Whether `link` is as expected, part by part; takes the values of its placeholders if so.
pub fn learn_link(expected: &str, link: &str, known: &mut Known) -> bool {
    let expected = fill(expected, known);
    let (parts, sent): (Vec<_>, Vec<_>) =
        (expected.split('/').collect(), link.split('/').collect());
    let place = |part: &str| {
        let name = part.strip_prefix('<')?.strip_suffix('>')?;
        Some(name.to_owned())
    };
    let agree = |(part, sent): (&&str, &&str)| place(part).is_some() || part == sent;
    let is_alike = parts.len() == sent.len() && parts.iter().zip(&sent).all(agree);
    if is_alike {
        let learned = parts.iter().zip(sent).filter_map(|(part, sent)| Some((place(part)?, sent)));
        known.extend(learned.map(|(name, value)| (name, value.to_owned())));
    }
    is_alike
}
