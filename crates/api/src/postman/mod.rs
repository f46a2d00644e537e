//! The Postman collection of every surface, made from the documents of their routes, so that none is
//! forgotten: a folder for each surface, with its requests in an order in which all of them succeed.

mod item;
mod operation;
mod plan;
mod sample;
mod script;

use serde_json::{Value, json};

use crate::dialects::Dialects;
use operation::Operation;
use plan::Plan;

const SCHEMA: &str = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json";
const ABOUT: &str = "Every request of every surface. Each folder runs from its first request to \
    its last, with accounts of its own; the scripts keep `access_token`, `refresh_token` and \
    `user_id` for the requests that follow. A request that needs a token gets one when there is \
    none; one that needs a code reads it in the mailbox of the development server. With `strict` set, \
    only what a fresh server answers with nobody's help is right.";
/// The scripts fill those that are empty. The password is good enough for every surface.
const VARIABLES: [(&str, &str); 15] = [
    ("base_url", "http://127.0.0.1:8000"),
    ("access_token", ""),
    ("refresh_token", ""),
    ("user_id", ""),
    ("username", ""),
    ("email", ""),
    ("phone", ""),
    ("password", "Quiet7-Harbour-Dawn"),
    ("restoration_token", ""),
    ("code", ""),
    ("last_message", ""),
    ("reset_ticket", ""),
    // Nobody's; empty, it would make the path of all sessions.
    ("session_id", "00000000-0000-0000-0000-000000000000"),
    ("role", "moderator"),
    ("strict", ""),
];

/// The collection with default settings, as committed at the root.
pub fn collection() -> String {
    let documents = documents();
    let operations: Vec<Operation> = documents.iter().flat_map(Operation::all).collect();
    let folders = plan::PLANS.iter().map(|plan| folder(plan, &operations));
    let variables = VARIABLES.map(|(key, value)| json!({"key": key, "value": value}));
    let collection = json!({
        "info": {"name": "Vestibule", "description": ABOUT, "schema": SCHEMA},
        "item": folders.collect::<Vec<_>>(),
        "event": [script::keep_answers()],
        "variable": variables,
    });
    format!("{collection:#}\n")
}

fn documents() -> Vec<(&'static str, Value)> {
    let mounts = crate::mounts(&Dialects::all_by_default());
    // Serialising a value that was built from constants does not fail.
    let value = |document| serde_json::to_value(document).unwrap_or_default();
    mounts.iter().map(|mount| (mount.surface.as_str(), value(&mount.document))).collect()
}

/// Not divided by tags: the order of a run goes across them.
fn folder(plan: &Plan, all: &[Operation]) -> Value {
    let mut own: Vec<&Operation> =
        all.iter().filter(|operation| operation.surface == plan.surface).collect();
    own.sort_by_key(|operation| plan.rank(&operation.route()));
    let about = own.first().map(|operation| operation.about_surface()).unwrap_or_default();
    let items: Vec<Value> = own.iter().map(|operation| item::item(plan, operation)).collect();
    // Without regard to the surface: one has accounts, and no way to register them.
    let request = |route: &str| {
        let found = all.iter().find(|operation| operation.route() == route);
        found.map(|operation| item::request(plan, operation)).unwrap_or_default()
    };
    let session = script::session(&request(plan.login), &request(plan.register));
    json!({"name": plan.surface, "description": about, "item": items, "event": [session]})
}
