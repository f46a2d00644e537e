//! One request of the collection.

use serde_json::{Value, json};

use super::operation::Operation;
use super::plan::Plan;
use super::{sample, script};

const FORM: &str = "application/x-www-form-urlencoded";

pub(super) fn item(plan: &Plan, operation: &Operation) -> Value {
    json!({
        "name": operation.summary(),
        "request": request(plan, operation),
        "response": [],
        "event": script::events(plan, operation),
    })
}

pub(super) fn request(plan: &Plan, operation: &Operation) -> Value {
    let mut request = json!({
        "method": operation.method,
        "url": url(operation),
        "auth": auth(plan, operation),
        "header": headers(operation),
        "description": description(plan, operation),
    });
    if let Some(body) = body(operation) {
        request["body"] = body;
    }
    request
}

/// The account's own id is the one that the scripts keep; other values have variables of their
/// parameters' names.
fn url(operation: &Operation) -> Value {
    let path = operation.path.replace("{id}", "{user_id}");
    let path = path.replace('{', "{{").replace('}', "}}");
    let mut url = json!({
        "raw": format!("{{{{base_url}}}}{path}"),
        "host": ["{{base_url}}"],
        "path": path.split('/').skip(1).collect::<Vec<_>>(),
    });
    let query: Vec<Value> = operation.parameters("query").map(disabled).collect();
    if !query.is_empty() {
        url["query"] = json!(query);
    }
    url
}

fn auth(plan: &Plan, operation: &Operation) -> Value {
    let is_open = plan.open.contains(&operation.route().as_str());
    if is_open || !operation.takes_token() {
        return json!({"type": "noauth"});
    }
    let token = json!({"key": "token", "value": "{{access_token}}", "type": "string"});
    json!({"type": "bearer", "bearer": [token]})
}

fn headers(operation: &Operation) -> Vec<Value> {
    let json = operation.body("application/json").filter(|_| !is_form(operation));
    let content_type = json.map(|_| json!({"key": "Content-Type", "value": "application/json"}));
    content_type.into_iter().chain(operation.parameters("header").map(disabled)).collect()
}

/// Listed, to be ticked by whoever wants it.
fn disabled(parameter: &Value) -> Value {
    json!({
        "key": parameter["name"],
        "value": "",
        "description": parameter["description"].as_str().unwrap_or_default(),
        "disabled": true,
    })
}

fn description(plan: &Plan, operation: &Operation) -> String {
    let text = operation.description();
    let note = plan.unaided(&operation.route());
    let note = note.map(|(status, when)| format!("Answers {status} {when}."));
    let paragraphs = Some(text.to_owned()).filter(|text| !text.is_empty()).into_iter().chain(note);
    paragraphs.collect::<Vec<_>>().join("\n\n")
}

/// Where a form and JSON are taken, the token route shows the form and the others JSON.
fn is_form(operation: &Operation) -> bool {
    operation.path.trim_end_matches('/').ends_with("/token") && operation.body(FORM).is_some()
}

fn body(operation: &Operation) -> Option<Value> {
    if is_form(operation) {
        let fields = sample::fields(operation.body(FORM)?);
        let pairs = fields.into_iter().map(|(key, value)| json!({"key": key, "value": value}));
        return Some(json!({"mode": "urlencoded", "urlencoded": pairs.collect::<Vec<_>>()}));
    }
    let fields = Value::Object(sample::fields(operation.body("application/json")?));
    Some(json!({
        "mode": "raw",
        "raw": format!("{fields:#}"),
        "options": {"raw": {"language": "json"}},
    }))
}
