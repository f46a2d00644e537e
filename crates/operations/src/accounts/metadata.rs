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
    // PostgreSQL cannot store NUL in a text, so no backend does.
    let text = Value::Object(object).to_string();
    if text.contains("\\u0000") { Err(Rule::ForbiddenCharacter) } else { Ok(text) }
}
