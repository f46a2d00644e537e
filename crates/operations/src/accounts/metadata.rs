//! What applications keep with an account: one JSON object, opaque to us.

use domain::Rule;
use serde_json::{Map, Value};

/// In bytes, as written.
const MAX_BYTES: usize = 16 * 1024;

pub(super) fn parse(json: &str) -> Result<String, Rule> {
    if json.len() > MAX_BYTES {
        return Err(Rule::TooLong { max: MAX_BYTES });
    }
    let object: Map<String, Value> = serde_json::from_str(json).map_err(|_| Rule::NotAnObject)?;
    let metadata = Value::Object(object);
    // Programs that read it later end texts there.
    if has_nul(&metadata) { Err(Rule::ForbiddenCharacter) } else { Ok(metadata.to_string()) }
}

fn has_nul(value: &Value) -> bool {
    match value {
        Value::String(text) => text.contains('\0'),
        Value::Array(values) => values.iter().any(has_nul),
        Value::Object(object) => {
            object.iter().any(|(key, value)| key.contains('\0') || has_nul(value))
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}
