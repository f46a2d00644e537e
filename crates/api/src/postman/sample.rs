//! Values for the bodies: variables where the names have to agree from request to request, else
//! what the schema gives as an example.

use serde_json::{Map, Value, json};

/// What a script reads in the mailbox.
pub(super) const CODE: &str = "{{code}}";

const VARIABLES: [(&str, &str); 18] = [
    ("identifier", "{{username}}"),
    ("username", "{{username}}"),
    ("new_username", "{{username}}"),
    ("email", "{{email}}"),
    ("phone", "{{phone}}"),
    ("login", "{{username}}"),
    ("user", "{{email}}"),
    ("code", CODE),
    ("reset_ticket", "{{reset_ticket}}"),
    ("password", "{{password}}"),
    ("password_two", "{{password}}"),
    ("current_password", "{{password}}"),
    ("new_password", "{{password}}"),
    ("access_token", "{{access_token}}"),
    ("token", "{{access_token}}"),
    ("refresh_token", "{{refresh_token}}"),
    ("refresh", "{{refresh_token}}"),
    ("restoration_token", "{{restoration_token}}"),
];
const NAMES: [(&str, &str); 2] = [("first_name", "Ann"), ("last_name", "Example")];

/// The fields that a first request sends. What the schema does not ask for and nobody can guess
/// stays away.
pub(super) fn fields(schema: &Value) -> Map<String, Value> {
    let is_required = |name: &str| {
        let required = schema["required"].as_array().into_iter().flatten();
        required.into_iter().any(|known| known == name)
    };
    let properties = schema["properties"].as_object();
    // The other names are spellings of the same one.
    let has_identifier = properties.is_some_and(|all| all.contains_key("identifier"));
    // A code or a link: links carry tokens that nobody can guess.
    let has_code = properties.is_some_and(|all| all.contains_key("code"));
    let is_spelling = |name: &str| ["username", "email", "phone"].contains(&name);
    let mut fields = Map::new();
    for (name, property) in properties.into_iter().flatten() {
        let guess = known(name).or_else(|| property.get("example").cloned());
        // A change of the password ends sessions: it happens where it is asked for.
        let is_unwanted = name == "password"
            || (has_identifier && is_spelling(name))
            || (has_code && name == "token");
        let value = if is_required(name) {
            Some(guess.unwrap_or_else(|| empty(property)))
        } else {
            guess.filter(|_| !is_unwanted)
        };
        fields.extend(value.map(|value| (name.clone(), value)));
    }
    fields
}

fn known(name: &str) -> Option<Value> {
    let found = VARIABLES.iter().chain(&NAMES).find(|(known, _)| *known == name);
    found.map(|(_, value)| json!(value))
}

fn empty(property: &Value) -> Value {
    match property["type"].as_str().unwrap_or_default() {
        "boolean" => json!(true),
        "integer" | "number" => property.get("minimum").cloned().unwrap_or(json!(1)),
        "array" => json!([]),
        "object" => json!({}),
        _ => json!("text"),
    }
}
