//! What the collection does before a request and after an answer.

use serde_json::{Value, json};

use super::operation::Operation;
use super::plan::Plan;
use super::sample;

const KEEP: &str = include_str!("../../assets/postman/keep.js");
const INVENT: &str = include_str!("../../assets/postman/invent.js");
const CODE: &str = include_str!("../../assets/postman/code.js");
const SESSION: &str = include_str!("../../assets/postman/session.js");

/// After every request of the collection.
pub(super) fn keep_answers() -> Value {
    event("test", &format!("{KEEP}keep(pm.response);\n"))
}

/// Before every request of a folder.
pub(super) fn session(login: &Value, register: &Value) -> Value {
    let [login, register] = [login, register].map(sendable);
    let requests = format!("const login = {login};\nconst register = {register};\n");
    event("prerequest", &format!("{KEEP}{INVENT}{requests}{SESSION}"))
}

/// As scripts send requests: they know the address as text only.
fn sendable(request: &Value) -> Value {
    json!({
        "method": request["method"],
        "url": request["url"]["raw"],
        "header": request["header"],
        "body": request["body"],
    })
}

/// Of a request alone.
pub(super) fn events(plan: &Plan, operation: &Operation) -> Vec<Value> {
    let route = operation.route();
    let mut statuses: Vec<u16> = operation.successes().collect();
    let mut title = statuses.iter().map(u16::to_string).collect::<Vec<_>>().join(" or ");
    let mut expected = json!(statuses).to_string();
    if let Some((status, when)) = plan.unaided(&route) {
        statuses.push(status);
        title = format!("{title}, or {status} {when}");
        // With nobody's help, as the tests run it, nothing else is right.
        expected = format!("pm.variables.get(\"strict\") ? [{status}] : {}", json!(statuses));
    }
    let mut test = format!(
        "pm.test({}, () => pm.expect(pm.response.code).to.be.oneOf({expected}));\n",
        json!(format!("Answers {title}")),
    );
    if plan.last.contains(&route.as_str()) {
        test += "// No token survives this.\n\
                 pm.collectionVariables.set(\"access_token\", \"\");\n\
                 pm.collectionVariables.set(\"refresh_token\", \"\");\n";
    }
    let invented = (route == plan.register).then(|| format!("{INVENT}invent();\n"));
    let before = invented.or_else(|| read_code(operation)).map(|text| event("prerequest", &text));
    before.into_iter().chain([event("test", &test)]).collect()
}

/// Where the body has the place of a code.
fn read_code(operation: &Operation) -> Option<String> {
    let fields = sample::fields(operation.body("application/json")?);
    fields.values().find(|value| **value == sample::CODE)?;
    let to = if fields.contains_key("phone") { "phone" } else { "email" };
    Some(format!("{CODE}readCode(pm.collectionVariables.get(\"{to}\"), 40);\n"))
}

fn event(listen: &str, script: &str) -> Value {
    let lines: Vec<&str> = script.lines().collect();
    json!({"listen": listen, "script": {"type": "text/javascript", "exec": lines}})
}
