//! The least that each path takes for a body: what its document calls required, said rightly.

use serde_json::{Map, Value, json};
use url::form_urlencoded::Serializer;

use super::people::{PASSWORD, Scene};
use super::routes::Route;

/// Without one of these a body that is right by its document says nothing.
const BESIDE: [(&str, &[&str]); 13] = [
    ("/api/v1/auth/register", &["username"]),
    ("/api/v1/auth/login", &["identifier"]),
    ("/api/v1/auth/refresh", &["refresh_token"]),
    ("/api/v1/users/current", &["first_name", "current_password"]),
    ("/api/v1/users/restore", &["email", "restoration_token"]),
    ("/api/auth/users/", &["email"]),
    ("/api/auth/users/me/", &["email"]),
    ("/api/auth/users/{id}/", &["email"]),
    ("/users", &["email"]),
    ("/api/v1/admin/users", &["email"]),
    ("/api/v1/admin/users/{id}", &["first_name"]),
    ("/api/v1/admin/users/bulk", &["ids"]),
    ("/api/v1/admin/roles/{role}", &["description"]),
];

/// The media type, and the text.
pub(super) fn body(route: &Route, scene: &Scene) -> Option<(String, String)> {
    let (kind, schema) = route.body.as_ref()?;
    let required = schema["required"].as_array().cloned().unwrap_or_default();
    let required = required.iter().filter_map(Value::as_str);
    let beside = BESIDE.iter().find(|(path, _)| *path == route.path);
    let beside = beside.map(|(_, fields)| *fields).unwrap_or_default().iter().copied();
    let known = |name: &&str| schema["properties"].get(*name).is_some();
    let fields: Map<String, Value> = required
        .chain(beside.filter(known))
        .map(|name| (name.to_owned(), value(route, scene, name)))
        .collect();
    let text = if kind == "application/json" {
        Value::Object(fields).to_string()
    } else {
        let mut form = Serializer::new(String::new());
        for (name, value) in &fields {
            form.append_pair(name, value.as_str().unwrap_or_default());
        }
        form.finish()
    };
    Some((kind.clone(), text))
}

fn value(route: &Route, scene: &Scene, name: &str) -> Value {
    let is_new = route.path.ends_with("/register")
        || (route.method == http::Method::POST
            && matches!(
                &*route.path,
                "/users" | "/api/auth/users/" | "/api/v1/admin/users" | "/api/v1/admin/roles"
            ));
    let new = &scene.new_name;
    match name {
        "username" | "login" | "new_username" if is_new => json!(new),
        "new_username" => json!(new),
        "username" | "login" | "identifier" => json!(scene.name),
        // A change that changes nothing is anybody's.
        "email" if is_new || matches!(route.method.as_str(), "PATCH" | "PUT") => {
            json!(format!("{new}@example.org"))
        }
        "email" => json!(format!("{}@example.org", scene.name)),
        "name" => json!(new.to_lowercase()),
        "password" if is_new => json!("examplePassword7"),
        "new_password" => json!("examplePassword7"),
        "password" | "current_password" => json!(PASSWORD),
        "action" => json!("block"),
        "ids" => json!([scene.target_id]),
        "roles" => json!(["user"]),
        "permissions" => json!([]),
        "url" => json!("https://example.org/events"),
        // Of nobody: tokens are no rights of the path.
        "refresh" | "refresh_token" | "token" | "restoration_token" => json!("x".repeat(43)),
        _ => json!("text"),
    }
}
