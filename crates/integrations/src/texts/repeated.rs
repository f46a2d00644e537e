//! What an answer may repeat of a request and nobody else may read: recipients, codes, keys.

use serde_json::Value;
use url::{Url, form_urlencoded};

use super::template::Escape;

/// Shorter ones are no secrets, and stand in every sentence.
const SHORTEST: usize = 4;
/// Words of this length are tokens, not words.
const TOKEN: usize = 16;

/// The values in a body of this kind, however the answer escapes them.
pub(super) fn values_of_body(body: &str, escape: Escape) -> Vec<String> {
    let mut values = Vec::new();
    match escape {
        Escape::Json => leaves(&serde_json::from_str(body).unwrap_or_default(), &mut values),
        Escape::Percent => values.extend(pairs(form_urlencoded::parse(body.as_bytes()))),
    }
    values.retain(|value| value.len() >= SHORTEST);
    values
}

/// Some gateways have their keys in the path.
pub(super) fn values_of_url(url: &Url) -> Vec<String> {
    pairs(url.query_pairs()).chain(secrets(url.path())).collect()
}

/// What in a text for somebody could be a code or a token.
pub(super) fn secrets(text: &str) -> Vec<String> {
    let digits = text.split(|character: char| !character.is_ascii_digit());
    let digits = digits.filter(|digits| digits.len() >= SHORTEST);
    let is_part = |character: char| character.is_ascii_alphanumeric() || "-_.".contains(character);
    let tokens = text.split(|character| !is_part(character)).filter(|word| word.len() >= TOKEN);
    tokens.chain(digits).map(ToOwned::to_owned).collect()
}

fn pairs(pairs: form_urlencoded::Parse<'_>) -> impl Iterator<Item = String> {
    pairs.map(|(_, value)| value.into_owned())
}

fn leaves(value: &Value, into: &mut Vec<String>) {
    match value {
        Value::String(text) => into.push(text.clone()),
        Value::Number(number) => into.push(number.to_string()),
        Value::Array(values) => values.iter().for_each(|value| leaves(value, into)),
        Value::Object(fields) => fields.values().for_each(|value| leaves(value, into)),
        Value::Null | Value::Bool(_) => {}
    }
}
