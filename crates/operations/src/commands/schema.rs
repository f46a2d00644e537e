//! The JSON Schemas of commands, as `order` and `envelope` read them.

use serde_json::{Map, Value, json};

use super::command::CommandKind;
use super::envelope::{LONGEST_ID, LONGEST_NAME};

/// All schemas by the names of the commands.
pub fn schemas() -> Map<String, Value> {
    CommandKind::ALL.iter().map(|kind| (kind.as_str().to_owned(), schema(*kind))).collect()
}

/// Of the whole value of a message, by JSON Schema 2020-12.
pub fn schema(kind: CommandKind) -> Value {
    let Data { properties, required } = data(kind);
    let is_needed = kind == CommandKind::UpdateProfile || !required.is_empty();
    let mut attributes = vec!["specversion", "id", "source", "type", "subject", "time"];
    if is_needed {
        attributes.push("data");
    }
    let data_type = if is_needed { json!("object") } else { json!(["object", "null"]) };
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": format!("urn:{}", kind.type_name().replace('.', ":")),
        "title": kind.type_name(),
        "description": "A CloudEvent 1.0 in JSON. Other attributes are allowed and skipped.",
        "type": "object",
        "required": attributes,
        "properties": {
            "specversion": { "const": "1.0" },
            "id": {
                "type": "string", "minLength": 1, "maxLength": LONGEST_ID, "pattern": "^[!-~]+$",
                "description": "One of each command of the source; the same again is the same command",
            },
            "source": {
                "type": "string", "minLength": 1, "maxLength": LONGEST_NAME,
                "pattern": "^[!-~]+$", "description": "The name of the source as it is configured",
            },
            "type": { "const": kind.type_name() },
            "subject": { "type": "string", "format": "uuid", "description": "The id of the user" },
            "time": { "type": "string", "format": "date-time" },
            "datacontenttype": { "enum": ["application/json", null] },
            "data_base64": { "type": "null" },
            "data": {
                "type": data_type, "required": required, "properties": properties,
                "additionalProperties": false,
            },
        },
    })
}

struct Data {
    properties: Value,
    required: Vec<&'static str>,
}

fn data(kind: CommandKind) -> Data {
    let (properties, required) = match kind {
        CommandKind::Block => {
            let until = "From then on it blocks nobody; without it, until somebody lifts the block";
            let reason = "For administrators: at most 500 characters";
            let properties = json!({
                "until": {
                    "type": ["string", "null"], "format": "date-time", "description": until,
                },
                "reason": { "type": ["string", "null"], "description": reason },
            });
            (properties, Vec::new())
        }
        CommandKind::Unblock | CommandKind::Delete => (json!({}), Vec::new()),
        CommandKind::GrantRole => {
            let name =
                json!({ "type": "string", "maxLength": 64, "pattern": "^[a-z0-9][a-z0-9._-]*$" });
            (json!({ "role": name }), vec!["role"])
        }
        CommandKind::UpdateProfile => {
            let name = "null clears it; at most 150 characters";
            let properties = json!({
                "first_name": { "type": ["string", "null"], "description": name },
                "last_name": { "type": ["string", "null"], "description": name },
                "locale": {
                    "type": ["string", "null"], "description": "A tag of BCP 47, such as en",
                },
                "metadata": {
                    "type": ["object", "null"],
                    "description": "In the place of the metadata that there are; at most 16 KiB",
                },
            });
            (properties, Vec::new())
        }
    };
    Data { properties, required }
}
